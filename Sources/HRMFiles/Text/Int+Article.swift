extension Int {
    /// The indefinite article for the number when read aloud: an 8, an 11, an 85, an 800, an
    /// 18,000, but a 9, a 1,100.
    package var article: String {
        // The first group of three digits is read first.
        var group = self
        while group >= 1000 { group /= 1000 }
        return switch group {
        case 8, 11, 18, 80..<90, 800..<900: "an"
        default: "a"
        }
    }
}

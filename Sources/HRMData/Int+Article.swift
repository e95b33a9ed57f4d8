extension Int {
    /// The indefinite article in front of the number as it is read aloud: an 8, an 11, an 85, an 800, an
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

extension SudokuGeometry {
    /// The size with its article, such as "an 8×8".
    var withArticle: String { "\(size.article) \(self)" }
}

extension MazeSize {
    /// The size with its article, such as "an 8×12".
    var withArticle: String { "\(rows.article) \(self)" }
}

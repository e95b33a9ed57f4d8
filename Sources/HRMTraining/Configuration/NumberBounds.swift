/// The bounds of a number.
struct NumberBounds: Sendable {
    /// The bounds in words; continues a sentence after "must be".
    let words: String
    /// Returns true if a number is within the bounds.
    let contains: @Sendable (Double) -> Bool

    /// A finite number above 0.
    static let positive = Self(words: "a finite number above 0") { $0.isFinite && $0 > 0 }
    /// A number above 0 and at most 1.
    static let positiveShare = Self(words: "above 0 and at most 1") { $0 > 0 && $0 <= 1 }
    /// A number of at least 0 and below 1.
    static let below1 = Self(words: "at least 0 and below 1") { (0..<1).contains($0) }

    /// A number in a closed range of whole numbers.
    static func between(_ range: ClosedRange<Int>) -> Self {
        let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
        return Self(words: "between \(range.lowerBound) and \(range.upperBound)") {
            (low...high).contains($0)
        }
    }
}

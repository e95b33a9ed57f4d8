/// The bounds of a number.
package struct NumberBounds: Sendable {
    /// The bounds in words; continues a sentence after "must be".
    package let words: String
    /// Returns true if a number is within the bounds.
    package let contains: @Sendable (Double) -> Bool

    /// A finite number above 0.
    package static let positive = Self(words: "a finite number above 0") { $0.isFinite && $0 > 0 }
    /// A number above 0 and at most 1.
    package static let positiveShare = Self(words: "above 0 and at most 1") { $0 > 0 && $0 <= 1 }
    /// A number of at least 0 and below 1.
    package static let below1 = Self(words: "at least 0 and below 1") { (0..<1).contains($0) }

    /// A number above 0 and at most `most`.
    package static func positive(upTo most: Int) -> Self {
        Self(words: "above 0 and at most \(most)") { $0 > 0 && $0 <= Double(most) }
    }

    /// A number between two others, or equal to one of them.
    package static func between(_ low: Double, _ high: Double) -> Self {
        func words(_ bound: Double) -> String {
            bound == bound.rounded() && abs(bound) < 1e6 ? "\(Int(bound))" : "\(bound)"
        }
        return Self(words: "between \(words(low)) and \(words(high))") { (low...high).contains($0) }
    }

    /// A number in a closed range of whole numbers.
    package static func between(_ range: ClosedRange<Int>) -> Self {
        let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
        return Self(words: "between \(range.lowerBound) and \(range.upperBound)") {
            (low...high).contains($0)
        }
    }
}

/// The classes of characters that the split pattern distinguishes.
enum ScalarClass: UInt8 {
    /// Neither letter, number nor white space: symbols, marks and unassigned code points.
    case other
    /// `\p{L}`.
    case letter
    /// `\p{N}`.
    case number
    /// `\s` without carriage return and line feed.
    case space
    /// Carriage return or line feed.
    case lineEnd

    /// The class of a code point.
    init(_ scalar: UInt32) {
        let table = Self.table
        self =
            scalar < UInt32(table.count)
            ? ScalarClass(rawValue: table[Int(scalar)]) ?? .other : .other
    }

    /// True for `\s`.
    var isSpace: Bool { self == .space || self == .lineEnd }

    /// The class of each code point up to the last letter.
    private static let table: [UInt8] = {
        let letters = UnicodeClasses.ranges(UnicodeClasses.letters)
        let last = letters.last.map(\.upperBound) ?? 0
        var table = [UInt8](repeating: ScalarClass.other.rawValue, count: last + 1)
        func fill(_ ranges: [ClosedRange<Int>], _ kind: ScalarClass) {
            for range in ranges {
                for scalar in range { table[scalar] = kind.rawValue }
            }
        }
        fill(letters, .letter)
        fill(UnicodeClasses.ranges(UnicodeClasses.numbers), .number)
        fill(UnicodeClasses.ranges(UnicodeClasses.spaces), .space)
        fill([0xA...0xA, 0xD...0xD], .lineEnd)
        return table
    }()
}

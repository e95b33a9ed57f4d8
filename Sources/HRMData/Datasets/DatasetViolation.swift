/// A kind of violation in a file of a data folder, with its number of occurrences.
public struct DatasetViolation: Sendable, Equatable {
    /// The first occurrence in the file.
    public var error: DatasetError
    /// The number of occurrences in the file.
    public var count: Int

    /// Creates a violation.
    public init(_ error: DatasetError, count: Int = 1) {
        self.error = error
        self.count = count
    }
}

extension DatasetViolation: CustomStringConvertible {
    /// A sentence about the first occurrence, with the number of further ones.
    public var description: String {
        count > 1 ? "\(error) (and \(count - 1) more like it)" : error.description
    }
}

/// A check of an array of offsets.
///
/// Offsets begin with 0, increase, and end with the number of elements they point into. The ranges
/// between them are then disjoint and complete.
struct OffsetCheck {
    /// The path for error messages.
    var path: String
    /// The required last offset; `nil` if unknown.
    var count: Int?
    /// The plural name of the elements that the offsets point into.
    var pointsInto: String
    /// True if two neighbouring offsets may be equal.
    var mayStandStill: Bool

    /// Returns all violations, one of each kind.
    func violations(in offsets: [Int32]) -> [DatasetViolation] {
        guard let first = offsets.first, let last = offsets.last else {
            let error = DatasetError.wrongShape(
                path: path, found: [0], expected: "at least the offset 0")
            return [DatasetViolation(error)]
        }
        var violations: [DatasetViolation] = []
        if first != 0 { violations.append(.init(.offsetsStart(path: path, first: Int(first)))) }
        let wrong = offsets.indices.dropFirst().filter {
            mayStandStill ? offsets[$0] < offsets[$0 - 1] : offsets[$0] <= offsets[$0 - 1]
        }
        if let index = wrong.first {
            let error = DatasetError.offsetsOrder(
                path: path, index: index, previous: Int(offsets[index - 1]),
                value: Int(offsets[index]))
            violations.append(.init(error, count: wrong.count))
        }
        if let count, Int(last) != count {
            let error = DatasetError.offsetsEnd(
                path: path, last: Int(last), expected: count, pointsInto: pointsInto)
            violations.append(.init(error))
        }
        return violations
    }
}

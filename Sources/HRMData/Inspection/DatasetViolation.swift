/// Something in a data folder that must not be, and how often.
public struct DatasetViolation: Sendable, Equatable {
    /// The first one of its kind in its file.
    public var error: DatasetError
    /// How many there are of the kind in the file.
    public var count: Int

    /// A violation.
    public init(_ error: DatasetError, count: Int = 1) {
        self.error = error
        self.count = count
    }
}

extension DatasetViolation: CustomStringConvertible {
    /// One sentence about the first one, and how many more there are.
    public var description: String {
        count > 1 ? "\(error) (and \(count - 1) more like it)" : error.description
    }
}

/// What an array of offsets must be.
///
/// It begins with 0, grows, and ends with the number of what it points into. Then the ranges between
/// its elements are disjoint and leave nothing out.
struct OffsetCheck {
    /// The file that errors name.
    var path: String
    /// The last offset; nil when it is not known.
    var count: Int?
    /// What the offsets point into.
    var pointsInto: String
    /// Whether two neighbours may be equal.
    var mayStandStill: Bool

    /// All that is wrong, one of each kind.
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

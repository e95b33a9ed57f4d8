import HRMFiles

/// What keeps tensors from being those of a model.
public struct TensorDifferences: Equatable, Sendable, CustomStringConvertible {
    /// A tensor with another shape than the model's.
    public struct Shape: Equatable, Sendable {
        /// The tensor.
        public var name: String
        /// The model's extents.
        public var expected: [Int]
        /// The file's extents.
        public var found: [Int]

        /// A tensor with another shape than the model's.
        public init(name: String, expected: [Int], found: [Int]) {
            self.name = name
            self.expected = expected
            self.found = found
        }
    }

    /// Names that the model needs and that are not there, sorted.
    public var missing: [String]
    /// Names that are there and that the model has no place for, sorted.
    public var unexpected: [String]
    /// Tensors with another shape, sorted by name.
    public var misshapen: [Shape]
    /// Tensors that hold whole numbers, sorted by name.
    public var integral: [String]

    /// Differences of all kinds; none unless given.
    public init(
        missing: [String] = [], unexpected: [String] = [], misshapen: [Shape] = [],
        integral: [String] = []
    ) {
        self.missing = missing
        self.unexpected = unexpected
        self.misshapen = misshapen
        self.integral = integral
    }

    /// Whether there is none.
    public var isEmpty: Bool { self == Self() }

    /// A list of all, with commas between.
    public var description: String {
        let shapes = misshapen.map {
            "'\($0.name.shown)' has shape \($0.found) and needs \($0.expected)"
        }
        let parts = [
            list("missing", missing.map { "'\($0.shown)'" }),
            list("unexpected", unexpected.map { "'\($0.shown)'" }), shapes.joined(separator: ", "),
            list("whole numbers in", integral.map { "'\($0.shown)'" }),
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    private func list(_ word: String, _ names: [String]) -> String {
        names.isEmpty ? "" : "\(word) \(names.joined(separator: ", "))"
    }
}

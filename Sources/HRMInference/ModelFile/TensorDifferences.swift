import HRMFiles

/// The differences between the tensors of a file and those of a model.
public struct TensorDifferences: Equatable, Sendable, CustomStringConvertible {
    /// A tensor whose shape differs from the model's.
    public struct Shape: Equatable, Sendable {
        /// The tensor's name.
        public var name: String
        /// The shape in the model.
        public var expected: [Int]
        /// The shape in the file.
        public var found: [Int]

        /// Creates a description of a tensor whose shape differs.
        public init(name: String, expected: [Int], found: [Int]) {
            self.name = name
            self.expected = expected
            self.found = found
        }
    }

    /// Names that the model needs and the file lacks, sorted.
    public var missing: [String]
    /// Names in the file that the model does not have, sorted.
    public var unexpected: [String]
    /// Tensors whose shape differs, sorted by name.
    public var misshapen: [Shape]
    /// Names of tensors with integer elements, sorted.
    public var integral: [String]

    /// Creates differences of all kinds, none by default.
    public init(
        missing: [String] = [], unexpected: [String] = [], misshapen: [Shape] = [],
        integral: [String] = []
    ) {
        self.missing = missing
        self.unexpected = unexpected
        self.misshapen = misshapen
        self.integral = integral
    }

    /// True if there are no differences.
    public var isEmpty: Bool { self == Self() }

    /// A comma-separated list of all differences.
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

/// A named tensor of float32 values, row-major.
public struct ReferenceTensor: Sendable, Equatable {
    /// The name, as in a checkpoint of the reference.
    public var name: String
    /// Extents, outermost first.
    public var shape: [Int]
    /// The elements.
    public var values: [Float]

    /// Creates a tensor.
    public init(name: String, shape: [Int], values: [Float]) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}

/// The error for tensors that a model or an engine cannot take.
public enum ReferenceTensorError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A tensor is absent.
    case missing(name: String)
    /// A tensor is given that has no place.
    case unknown(name: String)
    /// A tensor has another shape.
    case wrongShape(name: String, expected: [Int], found: [Int])

    /// One sentence that states the problem and the remedy.
    public var description: String {
        switch self {
        case .missing(let name): "the tensor '\(name)' is missing; give it, too"
        case .unknown(let name): "there is no tensor '\(name)'; leave it out"
        case .wrongShape(let name, let expected, let found):
            "the tensor '\(name)' has shape \(found); give it shape \(expected)"
        }
    }
}

extension PlainMatrix {
    /// A tensor as a matrix whose rows have the last extent; a vector is one row.
    init(_ tensor: ReferenceTensor) {
        let columns = tensor.shape.last ?? 1
        self.init(
            tensor.values.map(Double.init), rows: tensor.values.count / max(1, columns),
            columns: columns)
    }

    /// The elements, rounded to float32.
    public var floats: [Float] { values.map { Float($0) } }
}

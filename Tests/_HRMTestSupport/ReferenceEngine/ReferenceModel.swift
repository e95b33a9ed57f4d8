public import HRMModel

/// The recursive models in the plainest form: one sequence at a time, in float64.
///
/// It shares with the package only the settings, the order of module applications, and the names
/// and shapes of tensors. All arithmetic is its own: the forward pass is written down once, and
/// gradients come from ``Variable``.
public struct ReferenceModel: Sendable {
    /// The settings of the architecture; the precision is ignored.
    public let configuration: HRMConfiguration
    /// The dimensions of the data set.
    public let dimensions: PuzzleDimensions
    /// The names and shapes of the tensors.
    package let layout: ParameterLayout
    /// The values of all tensors: parameters, initial states and puzzle embedding.
    public var weights: [String: PlainMatrix]

    /// Creates a model.
    ///
    /// - Parameters:
    ///   - configuration: A valid configuration.
    ///   - dimensions: The dimensions of the data set.
    ///   - weights: Every parameter and buffer of the layout.
    /// - Throws: ``ReferenceTensorError`` if a tensor is missing, unknown or of another shape.
    public init(
        configuration: HRMConfiguration, dimensions: PuzzleDimensions, weights: [ReferenceTensor]
    ) throws(ReferenceTensorError) {
        self.configuration = configuration
        self.dimensions = dimensions
        layout = ParameterLayout(configuration: configuration, dimensions: dimensions)
        self.weights = try (layout.entries + layout.buffers).matrices(from: weights)
    }

    /// `P`, the positions before the tokens.
    public var prefixLength: Int {
        if configuration.puzzleEmbeddingLength > 0 { return configuration.puzzleEmbeddingLength }
        let (size, width) = (configuration.puzzleEmbeddingSize, configuration.hiddenSize)
        return size / width + (size % width > 0 ? 1 : 0)
    }

    /// `T`, the positions of a sequence.
    public var positionCount: Int { prefixLength + dimensions.sequenceLength }

    /// The states with which a puzzle starts.
    public var initialStates: ReferenceStates {
        func repeated(_ name: String) -> PlainMatrix {
            // The transformer has no fast state.
            let zeros = [Double](repeating: 0, count: configuration.hiddenSize)
            let row = weights[name]?.values ?? zeros
            return PlainMatrix(
                Array(repeatElement(row, count: positionCount).joined()), rows: positionCount,
                columns: row.count)
        }
        return ReferenceStates(high: repeated("H_init"), low: repeated("L_init"))
    }
}

/// The slow and the fast state of a sequence, `[T, D]` each.
public struct ReferenceStates: Sendable, Equatable {
    /// `z_H`.
    public var high: PlainMatrix
    /// `z_L`; unused in a model without a fast state.
    public var low: PlainMatrix

    /// Creates a pair of states.
    public init(high: PlainMatrix, low: PlainMatrix) {
        self.high = high
        self.low = low
    }
}

extension [ParameterLayout.Entry] {
    /// Returns the matrices of exactly these tensors.
    ///
    /// - Throws: ``ReferenceTensorError`` if a tensor is missing, unknown or of another shape.
    func matrices(
        from tensors: [ReferenceTensor]
    ) throws(ReferenceTensorError) -> [String: PlainMatrix] {
        var result: [String: PlainMatrix] = [:]
        for tensor in tensors {
            guard let entry = first(where: { $0.name == tensor.name }) else {
                throw .unknown(name: tensor.name)
            }
            guard tensor.shape == entry.shape, tensor.values.count == entry.count else {
                throw .wrongShape(name: tensor.name, expected: entry.shape, found: tensor.shape)
            }
            result[tensor.name] = PlainMatrix(tensor)
        }
        if let absent = first(where: { result[$0.name] == nil }) {
            throw .missing(name: absent.name)
        }
        return result
    }
}

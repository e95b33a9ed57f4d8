public import HRMEngine
public import HRMModel
import HRMTensor

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

    /// Copies a model of the package.
    public init(_ model: HierarchicalReasoningModel) {
        configuration = model.configuration
        dimensions = model.dimensions
        layout = model.layout
        weights = [:]
        for entry in layout.entries + layout.buffers {
            weights[entry.name] = model.tensor(entry).map {
                PlainMatrix(NamedTensor(name: entry.name, shape: entry.shape, values: $0))
            }
        }
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

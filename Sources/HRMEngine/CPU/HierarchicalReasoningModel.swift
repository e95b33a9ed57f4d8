public import HRMModel
public import HRMTensor

/// The weights of a Hierarchical Reasoning Model.
///
/// Two modules of transformer blocks update two states: a fast one, `z_L`, updated `T` times per
/// update of the slow one, `z_H`. The whole input and output are present at every moment; there is
/// no autoregression and no mask. Other families (`ModelFamily`) arrange stacks of the same
/// blocks differently.
///
/// The value is a handle: copies share the weights. Only callers of ``pack(workers:)`` modify them,
/// between segments.
public struct HierarchicalReasoningModel: Sendable {
    /// The architecture.
    public let configuration: HRMConfiguration
    /// The dimensions that the data set determines.
    public let dimensions: PuzzleDimensions
    /// The names and positions of the tensors.
    package let layout: ParameterLayout
    /// All trained values except the puzzle embedding: `[1, layout.flatCount]`, float32.
    package let parameters: Matrix
    /// One row per puzzle identifier, `[identifiers, E]`, float32; nil if `E` is 0.
    package let puzzleEmbedding: Matrix?
    /// `H_init`, `[1, D]`, the initial slow state of every position, or `[1, d]` of every symbol in
    /// a model that reads candidates.
    package let highInitial: Matrix
    /// `L_init`, `[1, D]` or `[1, d]`, the initial fast state; zeros in a model without a fast state.
    package let lowInitial: Matrix
    /// True if gradients can be computed, which requires a second packed copy of each weight.
    public let isTrainable: Bool

    /// A variable within the module: a different schedule is a different architecture of the same
    /// modules.
    var schedule: SegmentSchedule
    let modules: [ReasoningModule]
    package let embedding: InputEmbedding
    let heads: OutputHeads
    let rotary: RotaryEmbedding
    let symbolTying: SymbolTying?
    let pooling: FeaturePooling?

    /// Creates a model with random weights.
    ///
    /// - Parameters:
    ///   - configuration: The architecture.
    ///   - dimensions: The dimensions that the data set determines.
    ///   - generator: Draws the weights in the order of the layout, then the initial states.
    ///   - trainable: True if gradients are needed.
    /// - Precondition: The configuration is valid: see `HRMConfiguration/validate()`.
    public init(
        configuration: HRMConfiguration, dimensions: PuzzleDimensions,
        using generator: inout SeededGenerator, trainable: Bool = true
    ) {
        self.init(blank: configuration, dimensions: dimensions, trainable: trainable)
        for entry in layout.entries {
            entry.matrix(in: parameters).initialize(entry.initialization, using: &generator)
        }
        for entry in layout.buffers {
            tensor(entry)?.initialize(entry.initialization, using: &generator)
        }
        symbolTying?.tie(initial: self)
        pack(workers: Workers(count: 1))
    }

    /// Creates a model with all weights zero, to be assigned and packed.
    ///
    /// - Precondition: The configuration is valid: see `HRMConfiguration/validate()`.
    public init(
        blank configuration: HRMConfiguration, dimensions: PuzzleDimensions, trainable: Bool
    ) {
        let layout = ParameterLayout(configuration: configuration, dimensions: dimensions)
        let precision = configuration.forwardPrecision.storage
        let width = configuration.hiddenSize
        self.configuration = configuration
        self.dimensions = dimensions
        self.layout = layout
        isTrainable = trainable
        parameters = Matrix(rows: 1, columns: layout.flatCount)
        puzzleEmbedding =
            configuration.puzzleEmbeddingSize > 0
            ? Matrix(
                rows: dimensions.puzzleIdentifierCount, columns: configuration.puzzleEmbeddingSize)
            : nil
        // With candidates, all symbols have the same initial state.
        let initialWidth = configuration.readsCandidates ? configuration.symbolSize : width
        highInitial = Matrix(rows: 1, columns: initialWidth, precision: precision)
        lowInitial = Matrix(rows: 1, columns: initialWidth, precision: precision)
        schedule = configuration.schedule
        let pooling = configuration.pooling(
            positions: configuration.prefixLength + dimensions.sequenceLength)
        self.pooling = pooling
        modules = configuration.stacks.map { stack in
            ReasoningModule(
                blocks: (0..<stack.layers).map {
                    TransformerBlock(
                        layout, prefix: "\(stack.name).layers.\($0).",
                        configuration: configuration, pooling: pooling, trainable: trainable)
                })
        }
        embedding = InputEmbedding(layout, configuration: configuration, dimensions: dimensions)
        symbolTying = SymbolTying(layout, configuration: configuration, dimensions: dimensions)
        heads = OutputHeads(
            layout, configuration: configuration, precision: precision, trainable: trainable)
        rotary = RotaryEmbedding(
            positions: configuration.prefixLength + dimensions.sequenceLength,
            headCount: configuration.headCount, headSize: configuration.headSize,
            theta: configuration.positionEncoding == .rope && configuration.mixerKind == .attention
                ? configuration.ropeTheta : nil)
    }

    /// Updates the packed copies of the weights from `parameters`.
    public func pack(workers: Workers) {
        let layers = modules.flatMap { $0.blocks.flatMap(\.layers) } + heads.layers
        workers.run { worker in
            for layer in layers { layer.pack(parameters, share: (worker, workers)) }
        }
    }

    /// Returns the memory of a tensor in the layout's `entries` or `buffers`.
    package func tensor(_ entry: ParameterLayout.Entry) -> Matrix? {
        switch entry.name {
        case "H_init": highInitial
        case "L_init": lowInitial
        case "puzzle_emb.weights": puzzleEmbedding
        default: entry.matrix(in: parameters)
        }
    }

    /// The number of outputs at each position: `V` logits, or three for each candidate.
    var outputCount: Int {
        configuration.outputCount(vocabularySize: dimensions.vocabularySize)
    }

    /// `T = P + S`, the positions of a sequence.
    public var positionCount: Int { configuration.prefixLength + dimensions.sequenceLength }

    var shape: SegmentShape {
        SegmentShape(
            positions: positionCount, width: configuration.hiddenSize,
            headCount: configuration.headCount, pooling: pooling,
            innerSize: configuration.innerSize,
            configuration: configuration, precision: configuration.forwardPrecision.storage)
    }
}

extension Matrix {
    fileprivate func initialize(
        _ rule: ParameterLayout.Initialization, using generator: inout SeededGenerator
    ) {
        switch rule {
        case .constant(let value):
            assign([Float](repeating: value, count: rows * columns))
        case .values(let values): assign(values)
        case .truncatedNormal(let standardDeviation):
            let distribution = TruncatedNormal(standardDeviation: standardDeviation)
            assign(
                (0..<(rows * columns)).map { _ in
                    distribution.next(using: &generator, precision: precision)
                })
        }
    }
}

public import HRMTensor

/// The weights of a Hierarchical Reasoning Model and what is computed with them.
///
/// Two modules of transformer blocks work on two states: a fast one, `z_L`, updated `T` times for
/// each update of the slow one, `z_H`. All of the input and all of the output is present at every
/// moment; there is no order of words, and no mask. Other families (``ModelFamily``) are other stacks
/// of the same blocks in another order.
///
/// The value is a handle: copies share the weights. Nothing changes them but ``pack(workers:)``'s
/// callers, between segments.
public struct HierarchicalReasoningModel: Sendable {
    /// The architecture.
    public let configuration: HRMConfiguration
    /// The dimensions that the data set decides.
    public let dimensions: PuzzleDimensions
    /// Names and places of the tensors.
    public let layout: ParameterLayout
    /// All trained values but the puzzle embedding: `[1, layout.flatCount]`, float32.
    public let parameters: Matrix
    /// One row a puzzle identifier, `[identifiers, E]`, float32; none when `E` is 0.
    public let puzzleEmbedding: Matrix?
    /// `H_init`, `[1, D]`, every position's slow state at the start of a puzzle.
    public let highInitial: Matrix
    /// `L_init`, `[1, D]`, every position's fast state at the start of a puzzle; zeros in a model
    /// that has none.
    public let lowInitial: Matrix
    /// Indicates whether gradients can be computed; it costs a second packed copy of each weight.
    public let isTrainable: Bool

    /// A `var` within the module: another schedule is another architecture on the same modules.
    var schedule: SegmentSchedule
    let modules: [ReasoningModule]
    let embedding: InputEmbedding
    let heads: OutputHeads
    let rotary: RotaryEmbedding
    let symbolTying: SymbolTying?
    let pooling: FeaturePooling?

    /// A model with fresh weights.
    ///
    /// - Parameters:
    ///   - configuration: The architecture.
    ///   - dimensions: What the data set decides.
    ///   - generator: Draws the weights, in the order of the layout, then the initial states.
    ///   - trainable: Whether gradients will be wanted.
    /// - Precondition: The configuration is valid: see ``HRMConfiguration/validate()``.
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

    /// A model whose weights are all zero, to be filled in and packed.
    ///
    /// - Precondition: The configuration is valid: see ``HRMConfiguration/validate()``.
    public init(
        blank configuration: HRMConfiguration, dimensions: PuzzleDimensions, trainable: Bool
    ) {
        let layout = ParameterLayout(configuration: configuration, dimensions: dimensions)
        let precision = configuration.forwardPrecision
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
        highInitial = Matrix(rows: 1, columns: width, precision: precision)
        lowInitial = Matrix(rows: 1, columns: width, precision: precision)
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
        heads = OutputHeads(layout, precision: precision, trainable: trainable)
        rotary = RotaryEmbedding(
            positions: configuration.prefixLength + dimensions.sequenceLength,
            headCount: configuration.headCount, headSize: configuration.headSize,
            theta: configuration.positionEncoding == .rope && !configuration.mixesPositions
                ? configuration.ropeTheta : nil)
    }

    /// Brings the packed copies of the weights up to date with ``parameters``.
    public func pack(workers: Workers) {
        let layers = modules.flatMap { $0.blocks.flatMap(\.layers) } + [heads.tokens, heads.q]
        workers.run { worker in
            for layer in layers { layer.pack(parameters, share: (worker, workers)) }
        }
    }

    /// The memory behind a tensor of the layout's `entries` or `buffers`.
    public func tensor(_ entry: ParameterLayout.Entry) -> Matrix? {
        switch entry.name {
        case "H_init": highInitial
        case "L_init": lowInitial
        case "puzzle_emb.weights": puzzleEmbedding
        default: entry.matrix(in: parameters)
        }
    }

    /// `T = P + S`, positions of a sequence.
    public var positionCount: Int { configuration.prefixLength + dimensions.sequenceLength }

    var shape: SegmentShape {
        SegmentShape(
            positions: positionCount, width: configuration.hiddenSize,
            headCount: configuration.headCount, pooling: pooling,
            innerSize: configuration.innerSize,
            mixingInnerSize: configuration.innerSize(of: positionCount),
            mixesPositions: configuration.mixesPositions, precision: configuration.forwardPrecision)
    }
}

extension Matrix {
    fileprivate func initialize(
        _ rule: ParameterLayout.Initialization, using generator: inout SeededGenerator
    ) {
        switch rule {
        case .constant(let value):
            assign([Float](repeating: value, count: rows * columns))
        case .truncatedNormal(let standardDeviation):
            let distribution = TruncatedNormal(standardDeviation: standardDeviation)
            assign(
                (0..<(rows * columns)).map { _ in
                    distribution.next(using: &generator, precision: precision)
                })
        }
    }
}

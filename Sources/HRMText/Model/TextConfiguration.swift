/// The extents and constants of a text model with two loops, as its `config.json` states them.
///
/// Symbols: C `hiddenSize`, F `innerSize`, A `headCount`, D `headSize`, n `layersPerStack`,
/// H `highCycles`, L `lowCycles`.
public struct TextConfiguration: Sendable, Hashable {
    /// The number of tokens, that is, rows of the embedding and of the head.
    public var vocabularySize: Int
    /// C, the width of a position.
    public var hiddenSize: Int
    /// F, the width inside the SwiGLU.
    public var innerSize: Int
    /// A, the number of attention heads.
    public var headCount: Int
    /// D, the width of an attention head; A·D may differ from C.
    public var headSize: Int
    /// n, the blocks of each of the two stacks, counted from the tensors.
    public var layersPerStack: Int
    /// H, the slow updates.
    public var highCycles: Int
    /// L, the fast updates for each slow one; 0 for a model without the fast stack, which with one
    /// slow cycle is a plain transformer.
    public var lowCycles: Int
    /// The factor of embeddings.
    public var embeddingScale: Float
    /// The standard deviation of fresh weights.
    public var initializerRange: Float
    /// The number added to the mean square in a norm.
    public var normEpsilon: Float
    /// θ, the base of the rotary embedding's angles.
    public var rotaryBase: Double
    /// True if tokens of type 1 see each other in both directions.
    public var hasPrefixAttention: Bool
    /// True if the head is the embedding.
    public var hasTiedHead: Bool
    /// True if the attention's projections have biases.
    public var hasAttentionBias: Bool
    /// True if the SwiGLU's projections have biases.
    public var hasInnerBias: Bool
    /// The fast updates with gradient in each slow cycle, the last ones; empty for the default.
    public var lowCyclesWithGradient: [Int]
    /// The number of positions that the model was trained for.
    public var contextLength: Int
    /// The token that fills incomplete rows, if there is one.
    public var paddingToken: Int32?
    /// The token that begins a prompt, if there is one.
    public var beginToken: Int32?
    /// The tokens that end an answer.
    public var endTokens: [Int32]
    /// Creates a configuration from all its members.
    package init(
        vocabularySize: Int,
        hiddenSize: Int,
        innerSize: Int,
        headCount: Int,
        headSize: Int,
        layersPerStack: Int,
        highCycles: Int,
        lowCycles: Int,
        embeddingScale: Float,
        initializerRange: Float,
        normEpsilon: Float,
        rotaryBase: Double,
        hasPrefixAttention: Bool,
        hasTiedHead: Bool,
        hasAttentionBias: Bool,
        hasInnerBias: Bool,
        lowCyclesWithGradient: [Int],
        contextLength: Int,
        paddingToken: Int32?,
        beginToken: Int32?,
        endTokens: [Int32]
    ) {
        self.vocabularySize = vocabularySize
        self.hiddenSize = hiddenSize
        self.innerSize = innerSize
        self.headCount = headCount
        self.headSize = headSize
        self.layersPerStack = layersPerStack
        self.highCycles = highCycles
        self.lowCycles = lowCycles
        self.embeddingScale = embeddingScale
        self.initializerRange = initializerRange
        self.normEpsilon = normEpsilon
        self.rotaryBase = rotaryBase
        self.hasPrefixAttention = hasPrefixAttention
        self.hasTiedHead = hasTiedHead
        self.hasAttentionBias = hasAttentionBias
        self.hasInnerBias = hasInnerBias
        self.lowCyclesWithGradient = lowCyclesWithGradient
        self.contextLength = contextLength
        self.paddingToken = paddingToken
        self.beginToken = beginToken
        self.endTokens = endTokens
    }

    /// The number of stack passes, H·(L + 1).
    public var passCount: Int { highCycles * (lowCycles + 1) }
    /// The number of key-value cache slots, one for each block of each stack pass.
    public var cacheSlotCount: Int { layersPerStack * passCount }
}

/// The encoding of a token's position.
public enum PositionEncoding: String, Sendable, Codable, Hashable, CaseIterable {
    /// Rotary embedding of queries and keys.
    case rope
    /// A learned vector per position, added to the input embedding.
    case learned
    /// No encoding, for blocks with token mixing or relations.
    case none
}

/// The distribution behind the token loss.
public enum LossType: String, Sendable, Codable, Hashable, CaseIterable {
    /// Normalized `s(x) = x + 1` for `x ≥ 0`, `1 / (1 − x)` below: linear instead of exponential.
    case stablemaxCrossEntropy = "stablemax_cross_entropy"
    /// Normalized `exp(x)`.
    case softmaxCrossEntropy = "softmax_cross_entropy"
}

/// The settings of the architecture; the reference's `arch.*` keys.
///
/// Properties have Swift names; files and the command line use the reference's names.
public struct HRMConfiguration: Sendable, Hashable {
    /// The block stacks of the model and the order in which they run.
    public var family = ModelFamily.hierarchical
    /// `D`, the width of a token.
    public var hiddenSize = 512
    /// `nH`, the number of attention heads; each is `D / nH` wide.
    public var headCount = 8
    /// The width of the SwiGLU relative to `D`, before the factor 2/3 and rounding: see
    /// `innerSize`.
    public var expansion = 4.0
    /// The number of blocks in the slow module.
    public var highLayers = 4
    /// The number of blocks in the fast module.
    public var lowLayers = 4
    /// `N`, slow updates in a segment.
    public var highCycles = 2
    /// `T`, fast updates per slow update.
    public var lowCycles = 2
    /// `k`, the number of a segment's last module applications that carry gradient; nil for the
    /// family's published number: the last application of each module for HRM, the last cycle for
    /// TRM.
    public var gradientApplications: Int?
    /// The maximum number of segments per puzzle.
    public var haltMaxSteps = 16
    /// The probability that a sequence must run a random number of segments before it may halt.
    public var haltExplorationProbability = 0.1
    /// True to omit q_continue: there is no loss and no additional segment for its target, and a
    /// sequence may halt if `q_halt > 0`.
    public var ignoresContinue = false
    /// `E`, the width of the puzzle embedding; 0 for none.
    public var puzzleEmbeddingSize = 512
    /// `P`, the number of positions for the puzzle embedding; 0 for as many as it needs.
    public var puzzleEmbeddingLength = 0
    /// True if a SwiGLU across the positions replaces attention.
    public var mixesPositions = false
    /// `C`, the number of interchangeable symbols, which are the last tokens of the vocabulary,
    /// such as the digits of a Sudoku; 0 for none.
    ///
    /// Each symbol has `D / C` features of a position, and all symbols share the same weights, so
    /// that the model generalizes from one symbol to all others.
    public var symbolCount = 0
    /// The meaning of a cell's input.
    ///
    /// With candidates, every symbol of every cell is a row of features of its own: whether it is
    /// still open is its input, and whether it can be struck its output. No weight then depends on
    /// the size of the board or the number of symbols.
    public var inputEncoding = InputEncoding.tokens
    /// The weight of a candidate that is the answer, in the loss of striking.
    public var keepWeight = 4.0
    /// The weight of any other candidate, in the loss of striking.
    public var strikeWeight = 0.5
    /// The weight of the choice among a cell's candidates.
    public var choiceWeight = 1.0
    /// The weight of recognizing contradictions among candidates.
    public var conflictWeight = 0.5
    /// The number of segments for which a search thinks about a state before it strikes anything.
    public var searchThoughts = 1
    /// The relations between cells of a board that replace attention; empty for none.
    ///
    /// The means over each related group are inputs of the SwiGLU in addition to the features, and
    /// a block has no other half. All positions share all weights, so that the model generalizes
    /// from one part of the board to all others.
    public var relations: [BoardRelation] = []
    /// The number of cells in a row of the board, for ``relations``; 0 for a square board.
    public var boardColumns = 0
    /// The encoding of positions.
    public var positionEncoding = PositionEncoding.rope
    /// The base of the rotary angles.
    public var ropeTheta = 10000.0
    /// The constant added to the mean square in every norm.
    public var normEpsilon = 1e-5
    /// The distribution behind the token loss.
    public var lossType = LossType.stablemaxCrossEntropy
    /// `ε`, the share of the target probability that label smoothing distributes over all tokens.
    public var labelSmoothing = 0.0
    /// `γ`: in training, the loss of a puzzle's segment `t` has the weight `γ^(t−1)`.
    public var lossStepWeight = 1.0
    /// True if the last matrix of each attention and SwiGLU is initialized to zero, so that a new
    /// block starts as the identity.
    public var zeroInitializesOutputs = false
    /// The precision of stored activations and of weights in products.
    public var forwardPrecision = ActivationPrecision.bfloat16

    /// Creates the published configuration with 27 million parameters.
    public init() {}

    /// The number of module applications in a segment: `N · (T + 1)`, or one in a transformer.
    public var applications: Int {
        family == .transformer ? 1 : highCycles * (lowCycles + 1)
    }

    /// `d = D / nH`, the width of one attention head.
    public var headSize: Int { hiddenSize / headCount }

    /// `d = D / C`, the features of one symbol at a position, or `D` without symbols.
    public var symbolSize: Int { hiddenSize / max(1, symbolCount) }

    /// The input width of a block's SwiGLU: the features of a position or, with symbols, of a
    /// symbol and the mean over all symbols; and in addition the mean over each related group.
    public var pooledSize: Int {
        symbolSize * ((symbolCount > 0 ? 2 : 1) + relations.count)
    }

    /// `I`, the inner width of that SwiGLU: see ``innerSize(of:)``; with means it is rounded up to
    /// a multiple of 64 only.
    public var innerSize: Int {
        innerSize(of: pooledSize, multiple: symbolCount > 0 || !relations.isEmpty ? 64 : 256)
    }

    /// Returns the inner width of a SwiGLU with `size` inputs: `expansion · size · 2/3`, rounded to
    /// an integer (ties to even), then up to a multiple of 256.
    ///
    /// For `T` inputs it is `J`, the inner width of the token-mixing SwiGLU.
    public func innerSize(of size: Int) -> Int { innerSize(of: size, multiple: 256) }

    private func innerSize(of size: Int, multiple: Int) -> Int {
        let wanted = Int((expansion * Double(size) * 2 / 3).rounded(.toNearestOrEven))
        return (wanted + multiple - 1) / multiple * multiple
    }

    /// `P`, the number of positions that the puzzle embedding occupies before the tokens:
    /// `⌈E / D⌉`, or ``puzzleEmbeddingLength`` if set.
    public var prefixLength: Int {
        puzzleEmbeddingLength > 0
            ? puzzleEmbeddingLength : (puzzleEmbeddingSize + hiddenSize - 1) / hiddenSize
    }

    /// Returns the configuration with fewer cycles per segment; its parameters are the same.
    ///
    /// - Parameters:
    ///   - highCycles: `N`.
    ///   - lowCycles: `T`.
    /// - Returns: A configuration with `k` limited to the number of applications.
    public func withCycles(high highCycles: Int, low lowCycles: Int) -> HRMConfiguration {
        var result = self
        result.highCycles = highCycles
        result.lowCycles = lowCycles
        result.gradientApplications = gradientApplications.map { min($0, result.applications) }
        return result
    }
}

public import HRMTensor

/// How a token's place in the sequence reaches the model.
public enum PositionEncoding: String, Sendable, Codable, Hashable, CaseIterable {
    /// Rotary embedding of queries and keys.
    case rope
    /// A learned vector a position, added to the input embedding.
    case learned
    /// Not at all: for blocks that mix positions by weights of their own.
    case none
}

/// How the probabilities behind the token loss are made from logits.
public enum LossType: String, Sendable, Codable, Hashable, CaseIterable {
    /// Normalised `s(x) = x + 1` for `x ≥ 0`, `1 / (1 − x)` below: linear instead of exponential.
    case stablemaxCrossEntropy = "stablemax_cross_entropy"
    /// Normalised `exp(x)`.
    case softmaxCrossEntropy = "softmax_cross_entropy"
}

/// Everything that decides the architecture; the reference's `arch.*` keys.
///
/// Swift names inside, the reference's names on disk and on the command line.
public struct HRMConfiguration: Sendable, Codable, Hashable {
    /// Which stacks there are, and in which order they run.
    public var family = ModelFamily.hierarchical
    /// `D`, the width of a token.
    public var hiddenSize = 512
    /// `nH`, the heads of every attention; each is `D / nH` wide.
    public var headCount = 8
    /// Width of the SwiGLU relative to `D`, before the factor 2/3 and rounding: see `innerSize`.
    public var expansion = 4.0
    /// Blocks in the slow module.
    public var highLayers = 4
    /// Blocks in the fast module.
    public var lowLayers = 4
    /// `N`, slow updates in a segment.
    public var highCycles = 2
    /// `T`, fast updates for each slow one.
    public var lowCycles = 2
    /// `k`, how many of a segment's last module applications carry gradient; nil: as many as is
    /// published for the family, the last one of each module for HRM, the last cycle for TRM.
    public var gradientApplications: Int?
    /// Segments that a puzzle is given at most.
    public var haltMaxSteps = 16
    /// Probability that a sequence must run a random number of segments before it may halt.
    public var haltExplorationProbability = 0.1
    /// Whether q_continue is left out: no loss and no second segment for its target, and a sequence
    /// may halt when `q_halt > 0`.
    public var ignoresContinue = false
    /// `E`, the width of the embedding of a puzzle's identifier; 0: none.
    public var puzzleEmbeddingSize = 512
    /// `P`, how many positions the puzzle embedding takes; 0: as many as it needs.
    public var puzzleEmbeddingLength = 0
    /// Whether a SwiGLU across the positions stands in place of every attention.
    public var mixesPositions = false
    /// `C`, how many tokens, the last of the vocabulary, are names that could change places without
    /// changing the puzzle, such as the digits of a Sudoku; 0: none.
    ///
    /// Each then has `D / C` features of a position for its own, and weights that are the same for
    /// all of them: a model that has learned something about one knows it of every other.
    public var symbolCount = 0
    /// What cells of a square board look at, in place of attention; empty: nothing.
    ///
    /// Their features stand beside the means over each group in the SwiGLU, and a block has no other
    /// half. All positions share all weights: a model that has learned something about one part of the
    /// board knows it of every other.
    public var relations: [BoardRelation] = []
    /// How positions reach the model.
    public var positionEncoding = PositionEncoding.rope
    /// Base of the rotary angles.
    public var ropeTheta = 10000.0
    /// Added to the mean square in every norm.
    public var normEpsilon = 1e-5
    /// How the token loss is made.
    public var lossType = LossType.stablemaxCrossEntropy
    /// `ε`, the share of the label's probability that training wants of all tokens alike.
    public var labelSmoothing = 0.0
    /// `γ`: training counts the loss of a puzzle's segment `t` for `γ^(t−1)` of the first one's.
    public var lossStepWeight = 1.0
    /// Whether the last matrix of each attention and SwiGLU starts at zero, so that a fresh block
    /// passes its input on.
    public var startsWithoutOutput = false
    /// How activations are stored and weights are used.
    public var forwardPrecision = Precision.bfloat16

    /// The published 27-million-parameter setting.
    public init() {}

    enum CodingKeys: String, CodingKey {
        case family = "name"
        case hiddenSize = "hidden_size"
        case headCount = "num_heads"
        case expansion
        case highLayers = "H_layers"
        case lowLayers = "L_layers"
        case highCycles = "H_cycles"
        case lowCycles = "L_cycles"
        case gradientApplications = "grad_applications"
        case haltMaxSteps = "halt_max_steps"
        case haltExplorationProbability = "halt_exploration_prob"
        case ignoresContinue = "no_ACT_continue"
        case puzzleEmbeddingSize = "puzzle_emb_ndim"
        case puzzleEmbeddingLength = "puzzle_emb_len"
        case mixesPositions = "mlp_t"
        case symbolCount = "symbols"
        case relations
        case positionEncoding = "pos_encodings"
        case ropeTheta = "rope_theta"
        case normEpsilon = "rms_norm_eps"
        case lossType = "loss_type"
        case labelSmoothing = "label_smoothing"
        case lossStepWeight = "step_weight"
        case startsWithoutOutput = "zero_init_proj"
        case forwardPrecision = "forward_dtype"
    }

    /// Module applications in a segment: `N · (T + 1)`, or one in a transformer.
    public var applications: Int {
        family == .transformer ? 1 : highCycles * (lowCycles + 1)
    }

    /// `d = D / nH`, the width of one attention head.
    public var headSize: Int { hiddenSize / headCount }

    /// `d = D / C`, the features of a position that a symbol has, or `D` without symbols.
    public var symbolSize: Int { hiddenSize / max(1, symbolCount) }

    /// What a block's SwiGLU takes: the features of a position, or those of a symbol there beside the
    /// mean over all symbols; and beside these the mean over each related group.
    public var pooledSize: Int {
        symbolSize * ((symbolCount > 0 ? 2 : 1) + relations.count)
    }

    /// `I`, the width inside that SwiGLU: see ``innerSize(of:)``; where features stand beside means,
    /// it is rounded up to a multiple of 64 only.
    public var innerSize: Int {
        innerSize(of: pooledSize, multiple: symbolCount > 0 || !relations.isEmpty ? 64 : 256)
    }

    /// The width inside a SwiGLU of `size` inputs: `expansion · size · 2/3`, rounded to an integer
    /// (halves to even), then up to a multiple of 256.
    ///
    /// For `T` inputs it is `J`, the width inside the SwiGLU across positions.
    public func innerSize(of size: Int) -> Int { innerSize(of: size, multiple: 256) }

    private func innerSize(of size: Int, multiple: Int) -> Int {
        let wanted = Int((expansion * Double(size) * 2 / 3).rounded(.toNearestOrEven))
        return (wanted + multiple - 1) / multiple * multiple
    }

    /// `P`, how many positions the puzzle embedding takes in front of the tokens: `⌈E / D⌉`, or as
    /// many as ``puzzleEmbeddingLength`` says.
    public var prefixLength: Int {
        puzzleEmbeddingLength > 0
            ? puzzleEmbeddingLength : (puzzleEmbeddingSize + hiddenSize - 1) / hiddenSize
    }

    /// Refuses settings with which no model can be built.
    ///
    /// - Throws: ``ConfigurationError`` naming the key as the user knows it, and a value that fits.
    public func validate() throws(ConfigurationError) {
        func require(
            _ condition: Bool, _ key: CodingKeys, _ value: any CustomStringConvertible & Sendable,
            _ rule: String
        ) throws(ConfigurationError) {
            guard condition else {
                throw ConfigurationError(
                    key: key.rawValue, value: value.description, requirement: rule)
            }
        }
        let small = "must be between 1 and"
        try require((1...16384).contains(hiddenSize), .hiddenSize, hiddenSize, "\(small) 16384")
        try require(
            headCount >= 1 && hiddenSize.isMultiple(of: headCount), .headCount, headCount,
            "must divide hidden_size, which is \(hiddenSize)")
        try require(
            positionEncoding != .rope || mixesPositions || headSize.isMultiple(of: 2), .headCount,
            headCount,
            "makes heads of hidden_size / num_heads = \(headSize), and rotary positions need an "
                + "even head size; use another number of heads, or pos_encodings=learned")
        try require(
            expansion.isFinite && expansion > 0 && expansion <= 64, .expansion, expansion,
            "must be above 0 and at most 64")
        // A family without one of the stacks passes over its number of layers.
        try require(
            ((family == .tiny ? 0 : 1)...128).contains(highLayers), .highLayers, highLayers,
            "\(small) 128")
        try require(
            ((family == .transformer ? 0 : 1)...128).contains(lowLayers), .lowLayers, lowLayers,
            "\(small) 128")
        try require((1...1024).contains(highCycles), .highCycles, highCycles, "\(small) 1024")
        try require((1...1024).contains(lowCycles), .lowCycles, lowCycles, "\(small) 1024")
        try require(
            gradientApplications.map { (1...applications).contains($0) } ?? true,
            .gradientApplications, gradientApplications ?? 0,
            "must be null, or between 1 and the segment's H_cycles * (L_cycles + 1) = "
                + "\(applications) module applications")
        try require(
            (1...65536).contains(haltMaxSteps), .haltMaxSteps, haltMaxSteps, "\(small) 65536")
        try require(
            (0...1).contains(haltExplorationProbability), .haltExplorationProbability,
            haltExplorationProbability, "is a probability: between 0 and 1")
        try require(
            (0...(64 * hiddenSize)).contains(puzzleEmbeddingSize), .puzzleEmbeddingSize,
            puzzleEmbeddingSize, "must be between 0 (none) and 64 times hidden_size")
        try require(
            (0...64).contains(puzzleEmbeddingLength), .puzzleEmbeddingLength,
            puzzleEmbeddingLength, "must be between 0 (as many as are needed) and 64")
        try require(
            puzzleEmbeddingLength == 0
                || (1...(puzzleEmbeddingLength * hiddenSize)).contains(puzzleEmbeddingSize),
            .puzzleEmbeddingLength, puzzleEmbeddingLength,
            "must be 0 without a puzzle embedding, else at least puzzle_emb_ndim / hidden_size; "
                + "puzzle_emb_ndim is \(puzzleEmbeddingSize)")
        try require(
            symbolCount == 0 || symbolCount >= 2 && hiddenSize.isMultiple(of: symbolCount),
            .symbolCount, symbolCount,
            "must be 0 (none), or at least 2 and divide hidden_size, which is \(hiddenSize)")
        try require(
            symbolCount == 0
                || (mixesPositions || !relations.isEmpty) && positionEncoding == .none
                    && puzzleEmbeddingSize == 0,
            .symbolCount, symbolCount,
            "must be 0, or else mlp_t=true or relations, pos_encodings=none and puzzle_emb_ndim=0")
        try requireInnerWidth(of: pooledSize)
        let names = relations.map(\.rawValue).joined(separator: ",")
        try require(
            Set(relations).count == relations.count, .relations, names,
            "must not have one of them twice")
        try require(
            relations.isEmpty
                || !mixesPositions && positionEncoding != .rope && puzzleEmbeddingSize == 0,
            .relations, names,
            "must be none, or else mlp_t=false, pos_encodings=none or learned, and "
                + "puzzle_emb_ndim=0")
        try require(
            (1...1e30).contains(ropeTheta), .ropeTheta, ropeTheta, "must be between 1 and 1e30")
        try require(
            (1e-12...1).contains(normEpsilon), .normEpsilon, normEpsilon,
            "must be between 1e-12 and 1")
        try require(
            (0..<1).contains(labelSmoothing), .labelSmoothing, labelSmoothing,
            "must be at least 0 and below 1")
        try require(
            lossStepWeight > 0 && lossStepWeight <= 1, .lossStepWeight, lossStepWeight,
            "must be above 0 and at most 1")
    }

    /// Refuses an expansion that leaves a SwiGLU without any width.
    ///
    /// - Parameter size: The inputs of the SwiGLU.
    /// - Throws: ``ConfigurationError`` with the width that comes out, and the least expansion that fits.
    func requireInnerWidth(of size: Int) throws(ConfigurationError) {
        guard innerSize(of: size) == 0 else { return }
        // Four digits, rounded up.
        let least = (1.5 / Double(size) * 1e4).rounded(.up) / 1e4
        throw ConfigurationError(
            key: CodingKeys.expansion.rawValue, value: expansion.description,
            requirement: "gives a SwiGLU of \(size) inputs an inner width of expansion * \(size) * "
                + "2/3, rounded: 0; use at least \(least)")
    }

    /// The same model with fewer cycles a segment: its parameters are the same.
    ///
    /// - Parameters:
    ///   - highCycles: `N`.
    ///   - lowCycles: `T`.
    /// - Returns: A configuration in which at most as many applications carry gradient as there are.
    public func withCycles(high highCycles: Int, low lowCycles: Int) -> HRMConfiguration {
        var result = self
        result.highCycles = highCycles
        result.lowCycles = lowCycles
        result.gradientApplications = gradientApplications.map { min($0, result.applications) }
        return result
    }
}

/// A setting that does not fit.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The key, spelled as on disk and on the command line.
    public var key: String
    /// The value that was found.
    public var value: String
    /// What is asked of the value; reads on after "key=value".
    public var requirement: String

    /// An error about one key.
    public init(key: String, value: String, requirement: String) {
        self.key = key
        self.value = value
        self.requirement = requirement
    }

    /// One sentence: what, and how to mend it.
    public var description: String { "\(key)=\(value) \(requirement)" }
}

/// What a data set decides about the model's shape.
public struct PuzzleDimensions: Sendable, Codable, Hashable {
    /// `V`, how many different tokens there are.
    public var vocabularySize: Int
    /// `S`, tokens in a puzzle, without the puzzle embedding's positions.
    public var sequenceLength: Int
    /// Rows of the puzzle embedding.
    public var puzzleIdentifierCount: Int

    /// The dimensions of one data set.
    public init(vocabularySize: Int, sequenceLength: Int, puzzleIdentifierCount: Int) {
        self.vocabularySize = vocabularySize
        self.sequenceLength = sequenceLength
        self.puzzleIdentifierCount = puzzleIdentifierCount
    }

    enum CodingKeys: String, CodingKey {
        case vocabularySize = "vocab_size"
        case sequenceLength = "seq_len"
        case puzzleIdentifierCount = "num_puzzle_identifiers"
    }
}

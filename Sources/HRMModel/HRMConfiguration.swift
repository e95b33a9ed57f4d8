public import HRMTensor

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
public struct HRMConfiguration: Sendable, Codable, Hashable {
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
    /// The relations between cells of a board that replace attention; empty for none.
    ///
    /// The means over each related group are inputs of the SwiGLU in addition to the features, and
    /// a block has no other half. All positions share all weights, so that the model generalizes
    /// from one part of the board to all others.
    public var relations: [BoardRelation] = []
    /// The number of cells in a row of the board, for ``relations``; 0 for a square board.
    public var boardColumns: Int {
        get { writtenBoardColumns ?? 0 }
        set { writtenBoardColumns = newValue == 0 ? nil : newValue }
    }
    /// ``boardColumns`` in coded form, which older files lack.
    private var writtenBoardColumns: Int?
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
    public var forwardPrecision = Precision.bfloat16

    /// Creates the published configuration with 27 million parameters.
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
        case writtenBoardColumns = "board_columns"
        case positionEncoding = "pos_encodings"
        case ropeTheta = "rope_theta"
        case normEpsilon = "rms_norm_eps"
        case lossType = "loss_type"
        case labelSmoothing = "label_smoothing"
        case lossStepWeight = "step_weight"
        case zeroInitializesOutputs = "zero_init_proj"
        case forwardPrecision = "forward_dtype"

        /// The key of the computed property.
        static let boardColumns: CodingKeys = .writtenBoardColumns
    }

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

    /// Checks that a model can be built.
    ///
    /// - Throws: ``ConfigurationError`` with the user-visible key and a value that fits.
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
        // Families without one of the stacks ignore its number of layers.
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
            boardColumns == 0 || !relations.isEmpty && (1...65536).contains(boardColumns),
            .boardColumns, boardColumns,
            "must be 0 (a square board, or no relations), or with relations between 1 and 65536")
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
    /// - Parameter size: The number of inputs of the SwiGLU.
    /// - Throws: ``ConfigurationError`` with the resulting width and the smallest expansion that
    ///   fits.
    func requireInnerWidth(of size: Int) throws(ConfigurationError) {
        guard innerSize(of: size) == 0 else { return }
        // Four digits, rounded up.
        let least = (1.5 / Double(size) * 1e4).rounded(.up) / 1e4
        throw ConfigurationError(
            key: CodingKeys.expansion.rawValue, value: expansion.description,
            requirement: "gives a SwiGLU of \(size) inputs an inner width of expansion * \(size) * "
                + "2/3, rounded: 0; use at least \(least)")
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

/// The error for an invalid setting.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The key, as in files and on the command line.
    public var key: String
    /// The invalid value.
    public var value: String
    /// The requirement; continues a sentence after "key=value".
    public var requirement: String

    /// Creates an error about one key.
    public init(key: String, value: String, requirement: String) {
        self.key = key
        self.value = value
        self.requirement = requirement
    }

    /// One sentence that states the problem and the remedy.
    public var description: String { "\(key)=\(value) \(requirement)" }
}

/// The dimensions of a model that the data set determines.
public struct PuzzleDimensions: Sendable, Codable, Hashable {
    /// `V`, the number of different tokens.
    public var vocabularySize: Int
    /// `S`, the number of tokens in a puzzle, without the puzzle embedding's positions.
    public var sequenceLength: Int
    /// The number of rows of the puzzle embedding.
    public var puzzleIdentifierCount: Int

    /// Creates the dimensions of a data set.
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

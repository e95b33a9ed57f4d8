extension HRMConfiguration {
    /// The keys of the architecture, sorted as in the reference's files.
    package static let settings: [ConfigurationSetting<HRMConfiguration>] = [
        .integer(
            "arch.H_cycles", \.highCycles, "N, the slow updates in a segment", in: 1...1024),
        .integer(
            "arch.H_layers", \.highLayers, "the blocks of the slow module"),
        .integer(
            "arch.L_cycles", \.lowCycles, "T, the fast updates for each slow one", in: 1...1024),
        .integer(
            "arch.L_layers", \.lowLayers, "the blocks of the fast module"),
        .integer(
            "arch.board_columns", \.boardColumns,
            "the cells in a row of the board, for relations; 0: a square board", fallback: 0),
        .number(
            "arch.expansion", \.expansion,
            "the inner width of the SwiGLU relative to hidden_size", in: .positive(upTo: 64)),
        .choice(
            "arch.forward_dtype", \.forwardPrecision,
            "the number format of activations", fallback: .bfloat16),
        .optionalInteger(
            "arch.grad_applications", \.gradientApplications,
            "k, the module applications that carry gradient; null: as published"),
        .number(
            "arch.halt_exploration_prob", \.haltExplorationProbability,
            "the share of puzzles with a random minimum number of segments", in: .between(0...1)),
        .integer(
            "arch.halt_max_steps", \.haltMaxSteps,
            "the maximum number of segments (thinking steps) per puzzle", in: 1...65536),
        .integer(
            "arch.hidden_size", \.hiddenSize, "D, the width of a token", in: 1...16384),
        .choice(
            "arch.input", \.inputEncoding,
            "the input of a cell: its token, or the candidates that it may still have",
            fallback: .tokens),
        .number(
            "arch.loss.choice_weight", \.choiceWeight,
            "the weight of the choice among a cell's candidates", in: .between(0...1000),
            fallback: 1),
        .number(
            "arch.loss.conflict_weight", \.conflictWeight,
            "the weight of recognizing contradictions among candidates", in: .between(0...1000),
            fallback: 0.5),
        .number(
            "arch.loss.keep_weight", \.keepWeight,
            "the weight of keeping the candidate that is the answer", in: .between(0...1000),
            fallback: 4),
        .number(
            "arch.loss.label_smoothing", \.labelSmoothing,
            "the share of the label's probability that is spread over all tokens in "
                + "training (arXiv:1512.00567)", in: .below1, fallback: 0),
        .choice(
            "arch.loss.loss_type", \.lossType, "the token loss"),
        .constant(
            "arch.loss.name", "losses@ACTLossHead", "the reference's loss; fixed"),
        .number(
            "arch.loss.step_weight", \.lossStepWeight,
            "g: segment t of a puzzle is weighted by g^(t-1) in training (CGAR, "
                + "arXiv:2511.08653)", in: .positiveShare, fallback: 1),
        .number(
            "arch.loss.strike_weight", \.strikeWeight,
            "the weight of striking a candidate that is not the answer", in: .between(0...1000),
            fallback: 0.5),
        .flag(
            "arch.mlp_t", \.mixesPositions,
            "a SwiGLU across positions in place of every attention", fallback: false),
        .choice(
            "arch.name", \.family,
            "HRM, TRM or transformer, by the name of the reference's class",
            fallback: .hierarchical,
            synonyms: ["recursive_reasoning.hrm@HierarchicalReasoningModel_ACTV1": .hierarchical]),
        .flag(
            "arch.no_ACT_continue", \.ignoresContinue,
            "omits q_continue; halting then depends on q_halt alone", fallback: false),
        .integer(
            "arch.num_heads", \.headCount, "the heads of every attention"),
        .choice(
            "arch.pos_encodings", \.positionEncoding, "the encoding of positions"),
        .integer(
            "arch.puzzle_emb_len", \.puzzleEmbeddingLength,
            "the positions of the puzzle embedding; 0: as many as it needs", in: 0...64, fallback: 0
        ),
        .integer(
            "arch.puzzle_emb_ndim", \.puzzleEmbeddingSize,
            "the width of the puzzle embedding; 0: none", fallback: 0),
        .list(
            "arch.relations", \.relations,
            "the groups of cells of a board that a cell reads, in place of attention"),
        .number(
            "arch.rms_norm_eps", \.normEpsilon,
            "the term added to the mean square in every norm", in: .between(1e-12, 1),
            fallback: 1e-5),
        .number(
            "arch.rope_theta", \.ropeTheta, "the base of the rotary angles", in: .between(1, 1e30),
            fallback: 10000),
        .integer(
            "arch.symbols", \.symbolCount,
            "the number of interchangeable tokens, the last of the vocabulary; 0: "
                + "none", fallback: 0),
        .integer(
            "arch.thoughts", \.searchThoughts,
            "the segments for which a search thinks about a state before a strike", in: 1...65536,
            fallback: 1
        ).formerly("search.thoughts"),
        .flag(
            "arch.zero_init_proj", \.zeroInitializesOutputs,
            "initializes o_proj and down_proj to zero (HRM-mini; arXiv:1901.09321)", fallback: false
        ),
    ]
}

extension ConfigurationSetting {
    /// True if the value implied by a missing key depends on the model family.
    package var dependsOnFamily: Bool {
        ["arch.L_cycles", "arch.L_layers", "arch.no_ACT_continue", "arch.puzzle_emb_len"]
            .contains(key)
    }

    /// Returns the value implied by a file without the key: the default of the family's reference,
    /// or this package's behaviour before the key existed; nil if the key is required.
    ///
    /// These values must never change, since files omit keys that equal them.
    ///
    /// - Parameter architecture: The model, apart from the keys with ``dependsOnFamily``.
    /// - Returns: The value in command-line syntax.
    package func value(missingIn architecture: HRMConfiguration) -> String? {
        switch (architecture.family, key) {
        case (.tiny, "arch.no_ACT_continue"): "true"
        // Without an embedding there are no prefix positions.
        case (.tiny, "arch.puzzle_emb_len"): architecture.puzzleEmbeddingSize > 0 ? "16" : "0"
        // The baseline has one stack and no cycles.
        case (.transformer, "arch.L_cycles"): "1"
        case (.transformer, "arch.L_layers"): "0"
        default: fallback
        }
    }
}

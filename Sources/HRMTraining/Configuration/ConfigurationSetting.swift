import HRMModel
import HRMTensor

/// A configuration key: its name, its expected value, and how it is read and written.
///
/// The table ``all`` is the single list of keys.
struct ConfigurationSetting: Sendable {
    /// The name including sections, such as `arch.H_cycles`.
    let key: String
    /// The effect of the value.
    let meaning: String
    /// The expected kind of value; continues a sentence after "expects".
    let expectation: String
    /// True if `null` is a valid value.
    var acceptsNull = false
    /// True if its values are numbers.
    var isNumber: Bool { expectation.contains("number") }
    /// The value implied by a file without the key; nil if the key is required.
    var fallback: String?
    /// The corresponding property, for messages; nil for a constant.
    let property: (@Sendable () -> PartialKeyPath<TrainingConfiguration>)?
    /// Returns the current value.
    let read: @Sendable (TrainingConfiguration) -> ConfigurationScalar
    /// Parses and assigns a value; false if it is not of the expected kind.
    let write: @Sendable (inout TrainingConfiguration, String) -> Bool
    /// The rule that the current value breaks, such as "must be between 1 and 100"; nil if none.
    ///
    /// Rules that involve other keys are in `TrainingConfiguration.validate()`, and those of the
    /// architecture in `HRMConfiguration.validate()`, since models are also made without training.
    var brokenRule: @Sendable (TrainingConfiguration) -> String? = { _ in nil }
    /// True if a run cannot change the value when it is resumed.
    var isFixed = false
    /// The reason why a sweep file cannot set the key, such as "is 'data' of the file".
    var reasonNotInSweeps: String?

    /// The name of the key in files of earlier versions, which are still read.
    var formerKey: String? { Self.formerKeys[key] }

    private static let formerKeys = ["interleaved_batches": "open_batches"]

    /// Returns true if a key, given in full, names the setting.
    func isNamed(_ name: String) -> Bool { name == key || name == formerKey }

    /// The last component of the key.
    var shortKey: Substring { key.split(separator: ".").last ?? "" }

    /// True if a file without the key asks for nothing: a flag that is off, or a list without a name.
    var isNeutralWhenMissing: Bool { ["false", "none"].contains(fallback) }

    /// Returns the setting of a property.
    static func of(_ path: PartialKeyPath<TrainingConfiguration>) -> Self? {
        all.first { $0.property?() == path }
    }

    /// Returns the setting with a key, given in full or by an unambiguous last component.
    static func named(_ key: String) -> Self? {
        if let setting = all.first(where: { $0.isNamed(key) }) { return setting }
        let candidates = all.filter { $0.shortKey == key }
        return candidates.count == 1 ? candidates[0] : nil
    }
}

// MARK: - The table

extension ConfigurationSetting {
    /// The upper bound of counts that only need to be finite.
    private static let many = 1_000_000_000

    /// All settings, sorted by key as in the reference's files.
    static let all: [Self] = [
        integer(
            "arch.H_cycles", \.architecture.highCycles, "N, the slow updates in a segment"),
        integer(
            "arch.H_layers", \.architecture.highLayers, "the blocks of the slow module"),
        integer(
            "arch.L_cycles", \.architecture.lowCycles, "T, the fast updates for each slow one"),
        integer(
            "arch.L_layers", \.architecture.lowLayers, "the blocks of the fast module"),
        integer(
            "arch.board_columns", \.architecture.boardColumns,
            "the cells in a row of the board, for relations; 0: a square board", fallback: 0),
        number(
            "arch.expansion", \.architecture.expansion,
            "the inner width of the SwiGLU relative to hidden_size"),
        choice(
            "arch.forward_dtype", \.architecture.forwardPrecision,
            "the number format of activations", fallback: .bfloat16),
        optionalInteger(
            "arch.grad_applications", \.architecture.gradientApplications,
            "k, the module applications that carry gradient; null: as published"),
        number(
            "arch.halt_exploration_prob", \.architecture.haltExplorationProbability,
            "the share of puzzles that think for a random number of steps"),
        integer(
            "arch.halt_max_steps", \.architecture.haltMaxSteps,
            "the maximum number of segments (thinking steps) per puzzle"),
        integer(
            "arch.hidden_size", \.architecture.hiddenSize, "D, the width of a token"),
        number(
            "arch.loss.label_smoothing", \.architecture.labelSmoothing,
            "the share of the label's probability that is spread over all tokens in "
                + "training (arXiv:1512.00567)", fallback: 0),
        choice(
            "arch.loss.loss_type", \.architecture.lossType, "the token loss"),
        constant(
            "arch.loss.name", "losses@ACTLossHead", "the reference's loss; fixed"),
        number(
            "arch.loss.step_weight", \.architecture.lossStepWeight,
            "g: segment t of a puzzle is weighted by g^(t-1) in training (CGAR, "
                + "arXiv:2511.08653)", fallback: 1),
        flag(
            "arch.mlp_t", \.architecture.mixesPositions,
            "a SwiGLU across positions in place of every attention", fallback: false),
        choice(
            "arch.name", \.architecture.family,
            "HRM, TRM or transformer, by the name of the reference's class",
            fallback: .hierarchical,
            synonyms: ["recursive_reasoning.hrm@HierarchicalReasoningModel_ACTV1": .hierarchical]),
        flag(
            "arch.no_ACT_continue", \.architecture.ignoresContinue,
            "omits q_continue; halting then depends on q_halt alone", fallback: false),
        integer(
            "arch.num_heads", \.architecture.headCount, "the heads of every attention"),
        choice(
            "arch.pos_encodings", \.architecture.positionEncoding, "the encoding of positions"),
        integer(
            "arch.puzzle_emb_len", \.architecture.puzzleEmbeddingLength,
            "the positions of the puzzle embedding; 0: as many as it needs", fallback: 0),
        integer(
            "arch.puzzle_emb_ndim", \.architecture.puzzleEmbeddingSize,
            "the width of the puzzle embedding; 0: none", fallback: 0),
        list(
            "arch.relations", \.architecture.relations,
            "the groups of cells of a board that a cell reads, in place of attention"),
        number(
            "arch.rms_norm_eps", \.architecture.normEpsilon,
            "the term added to the mean square in every norm", fallback: 1e-5),
        number(
            "arch.rope_theta", \.architecture.ropeTheta, "the base of the rotary angles",
            fallback: 10000),
        integer(
            "arch.symbols", \.architecture.symbolCount,
            "the number of interchangeable tokens, the last of the vocabulary; 0: "
                + "none", fallback: 0),
        flag(
            "arch.zero_init_proj", \.architecture.zeroInitializesOutputs,
            "initializes o_proj and down_proj to zero (HRM-mini; arXiv:1901.09321)", fallback: false
        ),
        choice(
            "augment", \.augmentation,
            "when puzzles are replaced by random symmetric images: never, at their start, or at "
                + "every segment; grids by the symmetries that they were prepared with",
            fallback: .never),
        number(
            "batch_warmup_start", \.batchWarmupStart,
            "the share of the batch that learns in the first step of its warm-up",
            in: .positiveShare, fallback: 0.125),
        integer(
            "batch_warmup_steps", \.batchWarmupSteps,
            "the steps over which the number of learning slots grows "
                + "(arXiv:1711.00489)", in: 0...many, fallback: 0),
        choice(
            "best_metric", \.watchedMetric, "the metric that selects the best evaluation",
            fallback: .exactAccuracy),
        number(
            "beta1", \.beta1, "AdamATan2's decay rate of the gradient's mean", in: .below1),
        number(
            "beta2", \.beta2, "AdamATan2's decay rate of the squared gradient's mean", in: .below1),
        flag(
            "checkpoint_every_eval", \.checkpointsEveryEvaluation,
            "saves the weights at each evaluation", fallback: false),
        text(
            "data_path", \.dataPath, "the folder of the data set", inSweeps: "is 'data' of the file"
        ),
        curriculum(
            "depth_curriculum", \.depthCurriculum,
            "N and T by the share of steps made, in training; evaluation uses "
                + "H_cycles and L_cycles throughout (CGAR, arXiv:2511.08653)", of: "NxT",
            like: "0:1x2,0.3:2x4,0.6:3x6"),
        flag(
            "ema", \.averagesWeights, "keeps an average of the weights and evaluates it, too",
            fallback: false, isFixed: true),
        number(
            "ema_rate", \.averageRate, "the share of the average that is kept at each step",
            in: .below1, fallback: 0.999, isFixed: true),
        flag(
            "ema_warmup", \.warmsUpAverage,
            "keeps less of the average at first: (1 + step) / (10 + step), up to "
                + "ema_rate", fallback: false, isFixed: true),
        integer(
            "epochs", \.epochs, "the passes over the training puzzles", in: 1...many,
            inSweeps: "follows from 'budget' of the file"),
        optionalInteger(
            "eval_interval", \.evaluationInterval,
            "the epochs between evaluations; null: only at the end", in: 1...many,
            inSweeps: "follows from 'evaluation.points' of the file"),
        integer(
            "global_batch_size", \.globalBatchSize, "B, the puzzles in a batch", in: 1...1_000_000,
            isFixed: true),
        flag(
            "freeze_weights", \.freezesWeights,
            "trains the puzzle embedding alone; all other weights stay as they are",
            fallback: false, isFixed: true),
        choice(
            "guard.action", \.guards.action, "the action when a run diverges", fallback: .stop),
        number(
            "guard.collapse_ratio", \.guards.collapseRatio,
            "the share of the best accuracy below which a run has collapsed; 0: never", in: .below1,
            fallback: 0),
        optionalNumber(
            "guard.early_stop_accuracy", \.guards.earlyStopAccuracy,
            "the training accuracy at which the run ends; null: never", in: .positiveShare),
        number(
            "guard.restore_factor", \.guards.restoreFactor,
            "the factor applied to the rates when a run goes back to an earlier step",
            in: .positiveShare, fallback: 0.5),
        integer(
            "guard.restore_limit", \.guards.restoreLimit,
            "the number of times a run goes back before it stops", in: 0...1000, fallback: 3),
        number(
            "init_state_noise", \.startNoise,
            "the standard deviation of the noise added to a puzzle's initial states "
                + "in training; their own is 1", in: .between(0...10), fallback: 0),
        integer(
            "interleaved_batches", \.interleavedBatches,
            "the number of batches trained in turn; 1 as published",
            in: 1...1024, fallback: 1, isFixed: true),
        optionalText(
            "load_checkpoint", \.startingWeights,
            "the weights that training starts from: a file or a run folder; null: new "
                + "ones", isFixed: true),
        number(
            "lr", \.learningRate, "AdamATan2's rate after the warm-up", in: .positive),
        number(
            "lr_decay_share", \.decayShare,
            "the share of all steps over which the rates of wsd fall", in: .positiveShare,
            fallback: 0.2),
        number(
            "lr_min_ratio", \.learningRateMinimumRatio,
            "the share of the rates left at the end; 1: constant", in: .between(0...1)),
        choice(
            "lr_schedule", \.learningRateShape,
            "the decay to lr_min_ratio: along a cosine, or wsd, stable and then "
                + "linear (arXiv:2404.06395)", fallback: .cosine),
        integer(
            "lr_warmup_steps", \.warmupSteps, "the steps over which the rates rise", in: 0...many),
        number(
            "muon.lr", \.muon.learningRate,
            "Muon's rate after the warm-up, as a share of a matrix's spectral norm", in: .positive,
            fallback: 0.02),
        number(
            "muon.momentum", \.muon.momentum, "Muon's decay rate of the gradient's mean",
            in: .below1, fallback: 0.95),
        integer(
            "muon.steps", \.muon.iterations, "the Newton-Schulz iterations of a Muon update",
            in: 1...100, fallback: 5),
        number(
            "muon.weight_decay", \.muon.weightDecay, "the weight decay of Muon's matrices",
            in: .between(0...1000), fallback: 0.1),
        choice(
            "optimizer", \.optimizer,
            "muon: Muon (kellerjordan.github.io/posts/muon) for the matrices of the "
                + "blocks, AdamATan2 for the rest", fallback: .adamATan2, isFixed: true),
        number(
            "puzzle_emb_lr", \.puzzleEmbeddingLearningRate,
            "the rate of SignSGD, which trains the puzzle embedding", in: .positive),
        number(
            "puzzle_emb_weight_decay", \.puzzleEmbeddingWeightDecay,
            "the weight decay of the puzzle embedding", in: .between(0...1000)),
        unsigned(
            "seed", \.seed, "the seed of every random choice", fallback: 0, isFixed: true,
            inSweeps: "comes from 'seeds' of the file"),
        curriculum(
            "segment_curriculum", \.segmentCurriculum,
            "halt_max_steps by the share of steps made, in training; evaluation uses "
                + "the last value throughout", of: "segments", like: "0:2,0.1:16"),
        flag(
            "stagger_slots", \.staggersSlots,
            "lets the first puzzles of a batch end at different times", fallback: false),
        number(
            "weight_decay", \.weightDecay, "the weight decay of all other weights",
            in: .between(0...1000)),
    ]
}

// MARK: - Files

extension ConfigurationSetting {
    /// True if the value implied by a missing key depends on the model family.
    var dependsOnFamily: Bool {
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
    func value(missingIn architecture: HRMConfiguration) -> String? {
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

    /// True if the key must be written for the file to mean the same here and in the family's
    /// reference.
    func isWritten(of configuration: TrainingConfiguration) -> Bool {
        let architecture = configuration.architecture
        // The model class names of the reference have no default.
        if property == nil || key == "arch.name" { return true }
        // The reference reserves 16 positions even without an embedding.
        if key == "arch.puzzle_emb_len", architecture.family == .tiny {
            return architecture.puzzleEmbeddingLength != 16
        }
        return read(configuration).text != value(missingIn: architecture)
    }
}

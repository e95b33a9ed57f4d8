import HRMModel

/// A key of a training configuration.
typealias TrainingSetting = ConfigurationSetting<TrainingConfiguration>

extension TrainingConfiguration {
    /// The upper bound of counts that only need to be finite.
    private static let many = 1_000_000_000

    /// All keys, sorted as in the reference's files; those of the architecture come first.
    static let settings: [TrainingSetting] =
        HRMConfiguration.settings.map { $0.within(\.architecture) } + [
            .choice(
                "augment", \.augmentation,
                "when puzzles are replaced by random symmetric images: never, at their start, or at "
                    + "every segment; grids by the symmetries that they were prepared with",
                fallback: .never),
            .number(
                "batch_warmup_start", \.batchWarmupStart,
                "the share of the batch that learns in the first step of its warm-up",
                in: .positiveShare, fallback: 0.125),
            .integer(
                "batch_warmup_steps", \.batchWarmupSteps,
                "the steps over which the number of learning slots grows "
                    + "(arXiv:1711.00489)", in: 0...many, fallback: 0),
            .choice(
                "best_metric", \.watchedMetric, "the metric that selects the best evaluation",
                fallback: .exactAccuracy),
            .number(
                "beta1", \.beta1, "AdamATan2's decay rate of the gradient's mean", in: .below1),
            .number(
                "beta2", \.beta2, "AdamATan2's decay rate of the squared gradient's mean",
                in: .below1),
            .flag(
                "checkpoint_every_eval", \.checkpointsEveryEvaluation,
                "saves the weights at each evaluation", fallback: false),
            .text(
                "data_path", \.dataPath, "the folder of the data set",
                inSweeps: "is 'data' of the file"
            ),
            .curriculum(
                "depth_curriculum", \.depthCurriculum,
                "N and T by the share of steps made, in training; evaluation uses "
                    + "H_cycles and L_cycles throughout (CGAR, arXiv:2511.08653)", of: "NxT",
                like: "0:1x2,0.3:2x4,0.6:3x6"),
            .flag(
                "ema", \.averagesWeights, "keeps an average of the weights and evaluates it, too",
                fallback: false, isFixed: true),
            .number(
                "ema_rate", \.averageRate, "the share of the average that is kept at each step",
                in: .below1, fallback: 0.999, isFixed: true),
            .flag(
                "ema_warmup", \.warmsUpAverage,
                "keeps less of the average at first: (1 + step) / (10 + step), up to "
                    + "ema_rate", fallback: false, isFixed: true),
            .integer(
                "epochs", \.epochs, "the passes over the training puzzles", in: 1...many,
                inSweeps: "follows from 'budget' of the file"),
            .optionalInteger(
                "eval_interval", \.evaluationInterval,
                "the epochs between evaluations; null: only at the end", in: 1...many,
                inSweeps: "follows from 'evaluation.points' of the file"),
            .integer(
                "global_batch_size", \.globalBatchSize, "B, the puzzles in a batch",
                in: 1...1_000_000,
                isFixed: true),
            .flag(
                "freeze_weights", \.freezesWeights,
                "trains the puzzle embedding alone; all other weights stay as they are",
                fallback: false, isFixed: true),
            .choice(
                "guard.action", \.guards.action, "the action when a run diverges", fallback: .stop),
            .number(
                "guard.collapse_ratio", \.guards.collapseRatio,
                "the share of the best accuracy below which a run has collapsed; 0: never",
                in: .below1,
                fallback: 0),
            .optionalNumber(
                "guard.early_stop_accuracy", \.guards.earlyStopAccuracy,
                "the training accuracy at which the run ends; null: never", in: .positiveShare),
            .number(
                "guard.restore_factor", \.guards.restoreFactor,
                "the factor applied to the rates when a run goes back to an earlier step",
                in: .positiveShare, fallback: 0.5),
            .integer(
                "guard.restore_limit", \.guards.restoreLimit,
                "the number of times a run goes back before it stops", in: 0...1000, fallback: 3),
            .number(
                "init_state_noise", \.startNoise,
                "the standard deviation of the noise added to a puzzle's initial states "
                    + "in training; their own is 1", in: .between(0...10), fallback: 0),
            .integer(
                "interleaved_batches", \.interleavedBatches,
                "the number of batches trained in turn; 1 as published",
                in: 1...1024, fallback: 1, isFixed: true
            ).formerly("open_batches"),
            .optionalText(
                "load_checkpoint", \.startingWeights,
                "the weights that training starts from: a file or a run folder; null: new "
                    + "ones", isFixed: true),
            .number(
                "lr", \.learningRate, "AdamATan2's rate after the warm-up", in: .positive),
            .number(
                "lr_decay_share", \.decayShare,
                "the share of all steps over which the rates of wsd fall", in: .positiveShare,
                fallback: 0.2),
            .number(
                "lr_min_ratio", \.learningRateMinimumRatio,
                "the share of the rates left at the end; 1: constant", in: .between(0...1)),
            .choice(
                "lr_schedule", \.learningRateShape,
                "the decay to lr_min_ratio: along a cosine, or wsd, stable and then "
                    + "linear (arXiv:2404.06395)", fallback: .cosine),
            .integer(
                "lr_warmup_steps", \.warmupSteps, "the steps over which the rates rise",
                in: 0...many),
            .number(
                "muon.lr", \.muon.learningRate,
                "Muon's rate after the warm-up, as a share of a matrix's spectral norm",
                in: .positive,
                fallback: 0.02),
            .number(
                "muon.momentum", \.muon.momentum, "Muon's decay rate of the gradient's mean",
                in: .below1, fallback: 0.95),
            .integer(
                "muon.steps", \.muon.iterations, "the Newton-Schulz iterations of a Muon update",
                in: 1...100, fallback: 5),
            .number(
                "muon.weight_decay", \.muon.weightDecay, "the weight decay of Muon's matrices",
                in: .between(0...1000), fallback: 0.1),
            .choice(
                "optimizer", \.optimizer,
                "muon: Muon (kellerjordan.github.io/posts/muon) for the matrices of the "
                    + "blocks, AdamATan2 for the rest", fallback: .adamATan2, isFixed: true),
            .number(
                "puzzle_emb_lr", \.puzzleEmbeddingLearningRate,
                "the rate of SignSGD, which trains the puzzle embedding", in: .positive),
            .number(
                "puzzle_emb_weight_decay", \.puzzleEmbeddingWeightDecay,
                "the weight decay of the puzzle embedding", in: .between(0...1000)),
            .number(
                "search.drawn.candidates_least", \.search.drawn.leastCandidates,
                "the least share of wrong symbols that are candidates in drawn states",
                in: .between(0...1), fallback: 1),
            .number(
                "search.drawn.candidates_most", \.search.drawn.mostCandidates,
                "the largest share of wrong symbols that are candidates in drawn states",
                in: .between(0...1), fallback: 1),
            .number(
                "search.drawn.givens_least", \.search.drawn.leastGivens,
                "the least share of cells that are given in drawn states",
                in: .between(0...1), fallback: 0),
            .number(
                "search.drawn.givens_most", \.search.drawn.mostGivens,
                "the largest share of cells that are given in drawn states",
                in: .between(0...1), fallback: 0.5),
            .number(
                "search.drawn.share", \.search.drawn.share,
                "the share of new puzzles that are replaced by random states around their answers",
                in: .between(0...1), fallback: 0),
            .integer(
                "search.hints", \.search.hints,
                "the most cells that half of the new puzzles have filled from their answers",
                in: 0...65536, fallback: 0),
            .integer(
                "search.lost_segments", \.search.lostSegments,
                "the segments after which training replaces a contradiction that the model does "
                    + "not recognize", in: 0...65536, fallback: 6),
            .integer(
                "search.patience", \.search.policy.patience,
                "the segments without a strike after which a cell is pinned", in: 1...65536,
                fallback: 2),
            .choice(
                "search.pin", \.search.policy.cell,
                "the cell that is pinned: random, one of the fewest candidates, or the surest",
                fallback: .random),
            .number(
                "search.strike_below", \.search.policy.strikeBelow,
                "the probability of being kept below which a candidate is struck",
                in: .positiveShare, fallback: 0.1),
            .number(
                "search.temperature", \.search.policy.temperature,
                "the temperature of the symbol that is pinned; 0: the most likely",
                in: .between(0...1000), fallback: 1.5),
            .unsigned(
                "seed", \.seed, "the seed of every random choice", fallback: 0, isFixed: true,
                inSweeps: "comes from 'seeds' of the file"),
            .curriculum(
                "segment_curriculum", \.segmentCurriculum,
                "halt_max_steps by the share of steps made, in training; evaluation uses "
                    + "the last value throughout", of: "segments", like: "0:2,0.1:16"),
            .flag(
                "stagger_slots", \.staggersSlots,
                "lets the first puzzles of a batch end at different times", fallback: false),
            .number(
                "weight_decay", \.weightDecay, "the weight decay of all other weights",
                in: .between(0...1000)),
        ]
}

// MARK: - Lookup

extension TrainingSetting {
    /// All keys of a training configuration.
    static var all: [Self] { TrainingConfiguration.settings }

    /// Returns the setting of a property.
    static func of(_ path: PartialKeyPath<Root>) -> Self? {
        all.first { $0.property?() == path }
    }

    /// Returns the setting with a key, given in full or by an unambiguous last component.
    static func named(_ key: String) -> Self? {
        if let setting = all.first(where: { $0.isNamed(key) }) { return setting }
        let candidates = all.filter { $0.shortKey == key }
        return candidates.count == 1 ? candidates[0] : nil
    }
}

// MARK: - Files

extension TrainingSetting {
    /// True if the key must be written for the file to mean the same here and in the family's
    /// reference.
    func isWritten(of configuration: TrainingConfiguration) -> Bool {
        let architecture = configuration.architecture
        // The model class names have no default in the reference.
        if property == nil || key == "arch.name" { return true }
        // The reference reserves 16 positions even without an embedding.
        if key == "arch.puzzle_emb_len", architecture.family == .tiny {
            return architecture.puzzleEmbeddingLength != 16
        }
        return read(configuration).text != value(missingIn: architecture)
    }
}

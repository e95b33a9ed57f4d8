public import HRMModel

/// All settings of a training run, apart from the data and the machine.
///
/// Properties have Swift names; files and the command line use the reference's names, see
/// ``TrainingConfiguration/knownKeys``. Learning rates and decays are per optimizer step.
public struct TrainingConfiguration: Sendable, Hashable {
    /// The model.
    public var architecture = HRMConfiguration()
    /// The data set's folder.
    public var dataPath = "data"
    /// `B`, the sequences in a batch.
    public var globalBatchSize = 768
    /// Steps over which the number of learning puzzles grows to the whole batch; 0 for no warm-up.
    public var batchWarmupSteps = 0
    /// The share of the batch that learns in the first warm-up step.
    public var batchWarmupStart = 0.125
    /// The depth of a segment over training; nil for the model's depth throughout.
    public var depthCurriculum: DepthCurriculum?
    /// The maximum number of segments per puzzle over training; nil for the model's number
    /// throughout.
    public var segmentCurriculum: SegmentCurriculum?
    /// The standard deviation of noise added to the initial states in training; the states
    /// themselves have standard deviation 1.
    public var startNoise = 0.0
    /// Passes over the data set's groups.
    public var epochs = 100_000
    /// Epochs between two evaluations; nil for a single one at the end.
    public var evaluationInterval: Int? = 10_000
    /// True if a checkpoint is written at each evaluation, not only at the end.
    public var checkpointsEveryEvaluation = true
    /// The optimizer of the weights.
    public var optimizer = MainOptimizer.adamATan2
    /// The settings of Muon, if selected.
    public var muon = MuonSettings()
    /// AdamATan2's learning rate after warm-up.
    public var learningRate = 1e-4
    /// The final learning rate as a share of the full one; 1 keeps it constant after warm-up.
    public var learningRateMinimumRatio = 1.0
    /// The shape of the learning rate decay.
    public var learningRateShape = LearningRateSchedule.Shape.cosine
    /// The share of all steps over which the learning rate decays, for shapes that are constant
    /// before.
    public var decayShare = 0.2
    /// Steps over which the learning rate rises to its full value.
    public var warmupSteps = 2000
    /// Decoupled weight decay, as a multiple of the learning rate.
    public var weightDecay = 0.1
    /// AdamATan2's decay rate of the gradient's moving average.
    public var beta1 = 0.9
    /// AdamATan2's decay rate of the squared gradient's moving average.
    public var beta2 = 0.95
    /// SignSGD's learning rate, for the puzzle embedding.
    public var puzzleEmbeddingLearningRate = 1e-2
    /// Decoupled weight decay of the puzzle embedding, as a multiple of its learning rate.
    public var puzzleEmbeddingWeightDecay = 0.1
    /// True if an exponential moving average of the weights is maintained.
    public var averagesWeights = false
    /// The share of the average kept at each step; the default is TRM's.
    public var averageRate = 0.999
    /// True if the share is smaller in the first steps, so that the initial weights do not dominate
    /// the average.
    public var warmsUpAverage = false
    /// The metric that determines the best evaluation.
    public var watchedMetric = WatchedMetric.exactAccuracy
    /// The reactions to divergence and convergence.
    public var guards = TrainingGuards()
    /// The points at which puzzles are replaced by random images under their task's symmetries.
    public var augmentation = Augmentation.never
    /// The number of batches that are interleaved; the steps use them in turn.
    ///
    /// With one, as published, all segments of a puzzle are consecutive steps, and so many
    /// consecutive updates overfit the weights to its puzzles. With more, that many steps lie
    /// between two segments of a puzzle.
    public var interleavedBatches = 1
    /// True if the slots of the first batch start at different segment numbers.
    ///
    /// Otherwise all slots start together and, as long as none halts early, end together: the batch
    /// then consists of the same puzzles for `halt_max_steps` updates, which overfits the weights
    /// to them.
    public var staggersSlots = false
    /// The search in training, of a model that reads candidates.
    public var search = SearchSettings()
    /// The file or run folder of the initial weights; nil for new weights.
    public var startingWeights: String?
    /// True if only the puzzle embedding learns.
    public var freezesWeights = false
    /// The seed of all random choices in the run.
    public var seed: UInt64 = 0

    /// Creates the reference's default settings.
    public init() {}

    /// Checks that the settings allow a run on data with the given dimensions.
    ///
    /// - Throws: `ConfigurationError` with the user-visible key and a value that fits.
    public func validate(for dimensions: PuzzleDimensions) throws(ConfigurationError) {
        try validate()
        try architecture.validate(for: dimensions)
    }

    /// Checks that the settings are valid.
    ///
    /// - Throws: `ConfigurationError` with the user-visible key and a value that fits.
    public func validate() throws(ConfigurationError) {
        try architecture.validate()
        func require(
            _ condition: Bool, _ path: PartialKeyPath<Self>, _ requirement: String
        ) throws(ConfigurationError) {
            guard !condition else { return }
            let setting = TrainingSetting.of(path)
            throw ConfigurationError(
                key: setting?.key ?? "\(path)", value: setting?.read(self).text ?? "",
                requirement: requirement)
        }
        for setting in TrainingSetting.all {
            if let rule = setting.brokenRule(self) {
                throw ConfigurationError(
                    key: setting.key, value: setting.read(self).text, requirement: rule)
            }
        }
        try requireFittingCurricula()
        try require(
            !architecture.readsCandidates || augmentation != .segment, \.augmentation,
            "is for models that read tokens; with input=candidates use puzzle or never")
        try require(
            !freezesWeights || architecture.puzzleEmbeddingSize > 0, \.freezesWeights,
            "leaves nothing that could learn, since puzzle_emb_ndim is 0; set it, or "
                + "freeze_weights=false")
        try require(
            startingWeights.map { !TrainingSetting.isNull($0) } ?? true, \.startingWeights,
            "must be null, or name a file or a run folder")
    }

    private func requireFittingCurricula() throws(ConfigurationError) {
        if let curriculum = depthCurriculum {
            let (high, low) = (architecture.highCycles, architecture.lowCycles)
            try requireGrowth(
                "depth_curriculum", curriculum, to: "cycles, H_cycles x L_cycles = \(high)x\(low)",
                isLast: { $0.highCycles == high && $0.lowCycles == low },
                fits: { $0.highCycles <= high && $0.lowCycles <= low })
            guard architecture.family != .transformer else {
                throw ConfigurationError(
                    key: "depth_curriculum", value: curriculum.text,
                    requirement: "must be null for a transformer, which has no cycles")
            }
        }
        if let curriculum = segmentCurriculum {
            let most = architecture.haltMaxSteps
            try requireGrowth(
                "segment_curriculum", curriculum, to: "segments, halt_max_steps = \(most)",
                isLast: { $0 == most }, fits: { (1...most).contains($0) })
        }
    }

    private func requireGrowth<Value>(
        _ key: String, _ curriculum: Curriculum<Value>, to own: String, isLast: (Value) -> Bool,
        fits: (Value) -> Bool
    ) throws(ConfigurationError) {
        let values = curriculum.stages.map(\.value)
        guard values.allSatisfy(fits), isLast(values[values.count - 1]) else {
            throw ConfigurationError(
                key: key, value: curriculum.text,
                requirement: "must end with the model's own \(own), and have no more before, nor "
                    + "less than 1")
        }
    }
}

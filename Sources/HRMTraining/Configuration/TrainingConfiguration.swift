public import HRMModel

/// Everything that decides a training run, save for the data and the machine.
///
/// Swift names inside, the reference's names on disk and on the command line: see
/// ``TrainingConfiguration/knownKeys``. Learning rates and decays are per optimizer step.
public struct TrainingConfiguration: Sendable, Hashable {
    /// The model.
    public var architecture = HRMConfiguration()
    /// The data set's folder.
    public var dataPath = "data"
    /// `B`, sequences in a batch.
    public var globalBatchSize = 768
    /// Steps in which the number of puzzles that learn rises to the whole batch; 0: none.
    public var batchWarmupSteps = 0
    /// The share of the batch that learns in the first of them.
    public var batchWarmupStart = 0.125
    /// How the depth of a segment grows during training; nil: it is the model's from the start.
    public var depthCurriculum: DepthCurriculum?
    /// How the segments that a puzzle is given at most grow during training; nil: they are the model's from
    /// the start.
    public var segmentCurriculum: SegmentCurriculum?
    /// Standard deviation of what is added to a puzzle's initial states in training, which have 1.
    public var startNoise = 0.0
    /// Passes over the data set's groups.
    public var epochs = 100_000
    /// Epochs between two evaluations; nil: one evaluation, at the end.
    public var evaluationInterval: Int? = 10_000
    /// Whether the weights are written at each evaluation, not only at the end.
    public var checkpointsEveryEvaluation = true
    /// What updates the weights.
    public var optimizer = MainOptimizer.adamATan2
    /// The settings of Muon, where it is chosen.
    public var muon = MuonSettings()
    /// AdamATan2's rate after the warm-up.
    public var learningRate = 1e-4
    /// The share of a learning rate that is left at the end; 1: constant after the warm-up.
    public var learningRateMinimumRatio = 1.0
    /// How the learning rates fall.
    public var learningRateShape = LearningRateSchedule.Shape.cosine
    /// The share of all steps in which rates fall that stay before.
    public var decayShare = 0.2
    /// Steps in which a learning rate rises to its full value.
    public var warmupSteps = 2000
    /// Decoupled weight decay, as a multiple of the learning rate.
    public var weightDecay = 0.1
    /// AdamATan2's memory of the gradient.
    public var beta1 = 0.9
    /// AdamATan2's memory of the squared gradient.
    public var beta2 = 0.95
    /// SignSGD's rate, for the puzzle embedding.
    public var puzzleEmbeddingLearningRate = 1e-2
    /// Decoupled weight decay of the puzzle embedding, as a multiple of its learning rate.
    public var puzzleEmbeddingWeightDecay = 0.1
    /// Whether an exponential moving average of the weights is kept beside them.
    public var averagesWeights = false
    /// How much of the average stays at each step; TRM's default.
    public var averageRate = 0.999
    /// Whether less of the average stays at the first steps, so that it is not mostly initial weights.
    public var warmsUpAverage = false
    /// What tells the best evaluation.
    public var watchedMetric = WatchedMetric.exactAccuracy
    /// What is done when the run goes wrong.
    public var guards = TrainingGuards()
    /// When puzzles are shown as random images of themselves under the symmetries of their task.
    public var augmentation = Augmentation.never
    /// How many batches of puzzles are open at a time; each step takes the next in turn.
    ///
    /// With one, as published, a puzzle has all its segments in steps that follow each other, and so
    /// many updates in a row fit the weights to it that they are worth less for any other. With more,
    /// that many steps lie between two segments of a puzzle.
    public var openBatches = 1
    /// Whether the slots of the first batch count as having thought for different numbers of segments.
    ///
    /// Otherwise all begin together and, as long as nothing halts early, end together: then a batch is
    /// the same puzzles for `halt_max_steps` updates, which fit the weights to just these.
    public var staggersSlots = false
    /// Weights that the training begins with, in a file or a run folder; nil: new ones.
    public var startingWeights: String?
    /// Whether the puzzle embedding alone learns, and all other weights stay as they are.
    public var freezesWeights = false
    /// Decides every random choice of the run.
    public var seed: UInt64 = 0

    /// The reference's defaults.
    public init() {}

    /// Refuses settings with which no run on the data can be made.
    ///
    /// - Throws: `ConfigurationError` naming the key as the user knows it, and a value that fits.
    public func validate(for dimensions: PuzzleDimensions) throws(ConfigurationError) {
        try validate()
        try architecture.validate(for: dimensions)
    }

    /// Refuses settings with which no run can be made.
    ///
    /// - Throws: `ConfigurationError` naming the key as the user knows it, and a value that fits.
    public func validate() throws(ConfigurationError) {
        try architecture.validate()
        func require(
            _ condition: Bool, _ path: PartialKeyPath<Self>, _ requirement: String
        ) throws(ConfigurationError) {
            guard !condition else { return }
            let setting = ConfigurationSetting.of(path)
            throw ConfigurationError(
                key: setting?.key ?? "\(path)", value: setting?.read(self).text ?? "",
                requirement: requirement)
        }
        func requirePositive(
            _ path: KeyPath<Self, Double>
        ) throws(ConfigurationError) {
            let value = self[keyPath: path]
            try require(value.isFinite && value > 0, path, "must be a finite number above 0")
        }
        func requireShare(
            _ range: some RangeExpression<Double>, _ path: KeyPath<Self, Double>, _ rule: String
        ) throws(ConfigurationError) {
            try require(range.contains(self[keyPath: path]), path, rule)
        }
        func requireCount(
            _ range: ClosedRange<Int>, _ path: KeyPath<Self, Int>
        ) throws(ConfigurationError) {
            try require(
                range.contains(self[keyPath: path]), path,
                "must be between \(range.lowerBound) and \(range.upperBound)")
        }
        let many = 1_000_000_000
        try requireCount(1...1_000_000, \.globalBatchSize)
        try requireCount(1...1024, \.openBatches)
        try requireCount(1...many, \.epochs)
        try require(
            evaluationInterval.map { (1...many).contains($0) } ?? true, \.evaluationInterval,
            "must be null or between 1 and \(many)")
        try requireCount(0...many, \.warmupSteps)
        try requireCount(0...many, \.batchWarmupSteps)
        try require(
            batchWarmupStart > 0 && batchWarmupStart <= 1, \.batchWarmupStart,
            "must be above 0 and at most 1")
        try requireShare(0...10, \.startNoise, "must be between 0 and 10")
        try requireFittingCurricula()
        try require(
            !freezesWeights || architecture.puzzleEmbeddingSize > 0, \.freezesWeights,
            "leaves nothing that could learn, since puzzle_emb_ndim is 0; set it, or "
                + "freeze_weights=false")
        try require(
            startingWeights.map { !ConfigurationSetting.isNull($0) } ?? true, \.startingWeights,
            "must be null, or name a file or a run folder")
        try requirePositive(\.learningRate)
        try requirePositive(\.puzzleEmbeddingLearningRate)
        try requirePositive(\.muon.learningRate)
        try requireShare(0..<1, \.muon.momentum, "must be at least 0 and below 1")
        try requireShare(0...1000, \.muon.weightDecay, "must be between 0 and 1000")
        try requireCount(1...100, \.muon.iterations)
        try require(
            decayShare > 0 && decayShare <= 1, \.decayShare, "must be above 0 and at most 1")
        try requireShare(0...1, \.learningRateMinimumRatio, "must be between 0 and 1")
        try requireShare(0...1000, \.weightDecay, "must be between 0 and 1000")
        try requireShare(0...1000, \.puzzleEmbeddingWeightDecay, "must be between 0 and 1000")
        try requireShare(0..<1, \.beta1, "must be at least 0 and below 1")
        try requireShare(0..<1, \.beta2, "must be at least 0 and below 1")
        try requireShare(0..<1, \.averageRate, "must be at least 0 and below 1")
        try requireShare(0..<1, \.guards.collapseRatio, "must be at least 0 and below 1")
        try require(
            guards.restoreFactor > 0 && guards.restoreFactor <= 1, \.guards.restoreFactor,
            "must be above 0 and at most 1")
        try requireCount(0...1000, \.guards.restoreLimit)
        try require(
            guards.earlyStopAccuracy.map { $0 > 0 && $0 <= 1 } ?? true,
            \.guards.earlyStopAccuracy, "must be null, or above 0 and at most 1")
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

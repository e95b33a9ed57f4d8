public import HRMModel
public import HRMTensor

/// A model in training: one call, one segment, one update of the weights.
///
/// It knows no file and no data set. The order of operations is the reference's: count the step;
/// refill halted slots; segment, loss and gradient; rates of this step; SignSGD on the puzzle
/// embedding, AdamATan2 on everything else.
public struct Trainer: Sendable {
    /// The model; its weights change with every step.
    public let model: HierarchicalReasoningModel
    /// Steps made or skipped, the last one's number.
    public private(set) var step = 0
    /// After this step the weights rest.
    public let totalSteps: Int
    /// What goes from step to step.
    public private(set) var carry: Carry
    /// The main optimizer.
    public private(set) var optimizer: AdamATan2
    /// The results of the last step for the whole batch.
    public var outputs: BatchOutputs { engine.outputs }

    private let configuration: TrainingConfiguration
    private let puzzleOptimizer: SparseSignSGD
    let engine: ReasoningEngine
    private var exploration: SeededGenerator

    /// What a step came to.
    public struct StepResult: Sendable {
        /// The number of the step, counting from 1.
        public var step: Int
        /// AdamATan2's learning rate.
        public var learningRate: Double
        /// The puzzle embedding's learning rate.
        public var puzzleLearningRate: Double
        /// Sums over the batch.
        public var metrics: StepMetrics
        /// What each slot came to, in order.
        public var outcomes: [SequenceOutcome]

        /// The undivided loss of the step, `lm_loss + ½ · (q_halt_loss + q_continue_loss)`.
        public var loss: Double { outcomes.reduce(0) { $0 + $1.loss.total } }
    }

    /// - Parameters:
    ///   - model: A trainable model.
    ///   - configuration: Batch size, rates, decays and seed.
    ///   - totalSteps: How long the schedule is.
    ///   - workers: Threads.
    ///   - timed: Whether the engine measures what its time goes into.
    /// - Precondition: The configuration's architecture is the model's.
    public init(
        model: HierarchicalReasoningModel, configuration: TrainingConfiguration, totalSteps: Int,
        workers: Workers, timed: Bool = false
    ) {
        precondition(
            configuration.architecture == model.configuration, "settings of another architecture")
        self.model = model
        self.configuration = configuration
        self.totalSteps = totalSteps
        carry = Carry(batchSize: configuration.globalBatchSize, model: model)
        optimizer = AdamATan2(
            count: model.layout.flatCount, betas: (configuration.beta1, configuration.beta2),
            weightDecay: configuration.weightDecay)
        puzzleOptimizer = SparseSignSGD(weightDecay: configuration.puzzleEmbeddingWeightDecay)
        engine = ReasoningEngine(
            model: model, batchSize: configuration.globalBatchSize, workers: workers,
            training: true, timed: timed)
        exploration = SeededGenerator(seed: configuration.seed, stream: RandomStream.exploration)
    }

    /// Makes one step.
    ///
    /// - Parameters:
    ///   - batch: New puzzles; only the rows of halted slots are used.
    ///   - minimumSteps: Replaces the exploration's draws, one number a slot.
    ///   - inspectGradients: Sees each worker's flat gradients before the optimizer uses them up.
    /// - Returns: Nothing when the schedule is over: then no weight changes, nor the carry.
    public mutating func advance(
        with batch: TokenBatch, minimumSteps: [Int]? = nil,
        inspectGradients: (([Matrix]) -> Void)? = nil
    ) -> StepResult? {
        step += 1
        guard step <= totalSteps else { return nil }
        carry.refill(from: batch, model: model)
        let minimum =
            minimumSteps
            ?? AdaptiveComputation.drawMinimumSteps(
                slots: carry.batchSize, configuration: model.configuration, using: &exploration)
        let outcomes = engine.trainingStep(
            &carry, minimumSteps: minimum, scale: 1 / Double(configuration.globalBatchSize))
        inspectGradients?(engine.gradients)

        let rate = schedule(base: configuration.learningRate).rate(at: step)
        let puzzleRate = schedule(base: configuration.puzzleEmbeddingLearningRate).rate(at: step)
        if let table = model.puzzleEmbedding, let gradients = puzzleGradients {
            puzzleOptimizer.update(
                table, identifiers: carry.current.puzzleIdentifiers, gradients: gradients,
                learningRate: puzzleRate)
        }
        optimizer.update(
            model.parameters, gradients: engine.gradients, learningRate: rate,
            workers: engine.workers)
        model.pack(workers: engine.workers)

        var metrics = StepMetrics()
        for outcome in outcomes { metrics.add(outcome) }
        return StepResult(
            step: step, learningRate: rate, puzzleLearningRate: puzzleRate, metrics: metrics,
            outcomes: outcomes)
    }

    /// Gradient of each slot's row of the puzzle embedding after the last step, padded to whole
    /// positions: `[B, P·D]`.
    public var puzzleGradients: Matrix? {
        outputs.puzzleGradient?.regrouped(rows: carry.batchSize)
    }

    private func schedule(base: Double) -> LearningRateSchedule {
        LearningRateSchedule(
            base: base, warmupSteps: configuration.warmupSteps, totalSteps: totalSteps,
            minimumRatio: configuration.learningRateMinimumRatio)
    }
}

/// The purposes for which a run draws random numbers, each from a stream of its own.
public enum RandomStream {
    /// Initial weights.
    public static let weights: UInt64 = 1
    /// The order of training examples.
    public static let batches: UInt64 = 2
    /// Exploration of halting.
    public static let exploration: UInt64 = 3
    /// Generated puzzles and their augmentation.
    public static let puzzles: UInt64 = 4

    /// Augmentation of one task of many, counting from 0, so that tasks can be worked on in any order.
    public static func task(_ index: Int) -> UInt64 { UInt64(index + 1) << 32 | puzzles }
}

public import HRMEngine
public import HRMModel
public import HRMTensor

/// A model in training: one call is one segment and one update of the weights.
///
/// It uses no files and no data sets. The order of operations is the reference's: increment the
/// step; refill halted slots; segment, loss and gradient; learning rates of this step; SignSGD on
/// the puzzle embedding and, unless frozen, AdamATan2 on everything else (or Muon on the matrices
/// of the blocks).
public struct Trainer: Sendable {
    /// The model; its weights change with every step.
    public let model: HierarchicalReasoningModel
    /// The number of steps made or skipped so far.
    public internal(set) var step = 0
    /// The step after which the weights no longer change.
    public let totalSteps: Int
    /// The state between steps: the slots of all interleaved batches in order.
    public internal(set) var carry: Carry
    /// The main optimizer.
    public internal(set) var optimizer: AdamATan2
    /// The optimizer of the blocks' matrices, if configured.
    public let muon: Muon?
    /// The averaged weights, if configured.
    public let average: AveragedWeights?
    /// The factor applied to the scheduled learning rates; below 1 after a run has returned to a
    /// checkpoint.
    public internal(set) var learningRateFactor = 1.0
    /// The outputs of the last step for the whole batch.
    public var outputs: BatchOutputs { engine.outputs }

    private let configuration: TrainingConfiguration
    private let puzzleOptimizer: SparseSignSGD
    let engine: ReasoningEngine
    var exploration: SeededGenerator

    /// The results of a step.
    public struct StepResult: Sendable {
        /// The number of the step, starting at 1.
        public var step: Int
        /// AdamATan2's learning rate.
        public var learningRate: Double
        /// The puzzle embedding's learning rate.
        public var puzzleLearningRate: Double
        /// Muon's learning rate, if used.
        public var muonLearningRate: Double?
        /// Sums over the batch.
        public var metrics: StepMetrics
        /// The results of each slot, in order.
        public var outcomes: [SequenceOutcome]
        /// The divergence if loss or gradient is not finite; the weights are then unchanged.
        public var divergence: Divergence?

        /// The undivided loss of the step, `lm_loss + ½ · (q_halt_loss + q_continue_loss)`.
        public var loss: Double { outcomes.reduce(0) { $0 + $1.loss.total } }
    }

    /// - Parameters:
    ///   - model: A trainable model.
    ///   - configuration: Batch size, learning rates, decays and seed.
    ///   - totalSteps: The length of the schedule.
    ///   - workers: The worker threads.
    ///   - timed: True to measure the engine's time by kind of operation.
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
        carry = Carry(
            batchSize: configuration.globalBatchSize * configuration.interleavedBatches,
            model: model)
        let muon =
            configuration.optimizer == .muon
            ? Muon(layout: model.layout, settings: configuration.muon, workers: workers) : nil
        self.muon = muon
        optimizer = AdamATan2(
            count: model.layout.flatCount, betas: (configuration.beta1, configuration.beta2),
            weightDecay: configuration.weightDecay, ranges: muon?.others)
        average =
            configuration.averagesWeights
            ? AveragedWeights(
                of: model, rate: configuration.averageRate, warmsUp: configuration.warmsUpAverage)
            : nil
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
    ///   - rearranging: Permutes the cells of continuing puzzles before their next segment;
    ///     receives the slots of this step.
    ///   - minimumSteps: Replaces the random minimum steps of exploration, one number per slot.
    ///   - inspectGradients: Called with each worker's flat gradients before the optimizer resets
    ///     them.
    /// - Returns: The results; nil after the end of the schedule, when weights and carry no longer
    ///   change.
    public mutating func advance(
        with batch: TokenBatch, rearranging: ((inout Carry) -> Void)? = nil,
        minimumSteps: [Int]? = nil,
        inspectGradients: (([Matrix]) -> Void)? = nil
    ) -> StepResult? {
        step += 1
        guard step <= totalSteps else {
            // As in the reference, the average keeps approaching the unchanged weights.
            updateAverage()
            return nil
        }
        let place = turn
        var open = carry.slots(place)
        rearranging?(&open)
        refill(&open, from: batch)
        if step <= configuration.interleavedBatches, configuration.staggersSlots {
            open.stagger(maxSteps: maxSteps)
        }
        let slots = learningSlots
        let minimum =
            minimumSteps
            ?? AdaptiveComputation.drawMinimumSteps(
                slots: open.batchSize, maxSteps: maxSteps,
                probability: model.configuration.haltExplorationProbability, using: &exploration)
        let outcomes = engine.trainingStep(
            &open, minimumSteps: minimum, scale: 1 / Double(slots), schedule: segment,
            maxSteps: maxSteps, first: slots)
        carry.put(open, at: place)
        inspectGradients?(engine.gradients)

        var result = StepResult(
            step: step,
            learningRate: rate(configuration.learningRate),
            puzzleLearningRate: rate(configuration.puzzleEmbeddingLearningRate),
            muonLearningRate: muon == nil ? nil : rate(configuration.muon.learningRate),
            metrics: StepMetrics(), outcomes: outcomes, divergence: divergence(in: outcomes))
        for outcome in outcomes { result.metrics.add(outcome) }
        if result.divergence == nil { update(result, of: open.current.puzzleIdentifiers) }
        return result
    }

    /// The slots of this step.
    private var turn: Range<Int> {
        let size = configuration.globalBatchSize
        let first = (step - 1) % configuration.interleavedBatches * size
        return first..<(first + size)
    }

    /// Continues from an earlier trainer, whose weights, moments and carry are already in place.
    mutating func resume(
        step: Int, updateCount: Int, learningRateFactor: Double, exploration: SeededGenerator
    ) {
        self.step = step
        self.learningRateFactor = learningRateFactor
        self.exploration = exploration
        optimizer.updateCount = updateCount
        // A diverged step leaves gradients that no update has reset.
        for gradient in engine.gradients { gradient.clear() }
        model.pack(workers: engine.workers)
    }

    /// Returns the non-finite quantity of the step, if any; it must not reach the weights.
    private func divergence(in outcomes: [SequenceOutcome]) -> Divergence? {
        guard outcomes.allSatisfy({ $0.loss.total.isFinite }) else { return .loss }
        let gradients =
            engine.gradients + (outputs.puzzleGradient.map { [$0.regrouped(rows: 1)] } ?? [])
        let workers = engine.workers
        let finite = workers.map { worker in
            gradients.allSatisfy {
                $0.columns(workers.share(of: $0.columns, worker: worker)).isFinite
            }
        }
        return finite.allSatisfy { $0 } ? nil : .gradient
    }

    private mutating func update(_ result: StepResult, of identifiers: [Int32]) {
        if let table = model.puzzleEmbedding, let gradients = puzzleGradients {
            puzzleOptimizer.update(
                table,
                identifiers: Array(identifiers.prefix(result.outcomes.count)),
                gradients: gradients.rows(0..<result.outcomes.count),
                learningRate: result.puzzleLearningRate)
        }
        guard !configuration.freezesWeights else {
            // No update resets them.
            for gradient in engine.gradients { gradient.clear() }
            return
        }
        engine.shareSymbolGradients()
        if let muon, let rate = result.muonLearningRate {
            muon.update(
                model.parameters, momentum: optimizer.firstMoment, gradients: engine.gradients,
                learningRate: rate, workers: engine.workers)
        }
        optimizer.update(
            model.parameters, gradients: engine.gradients, learningRate: result.learningRate,
            workers: engine.workers)
        model.pack(workers: engine.workers)
        updateAverage()
    }

    /// Frozen weights are their own average, bit for bit.
    private func updateAverage() {
        guard !configuration.freezesWeights else { return }
        average?.update(from: model, step: step, workers: engine.workers)
    }

    /// The gradient of each slot's puzzle embedding row after the last step, padded to whole
    /// positions: `[B, P·D]`.
    public var puzzleGradients: Matrix? {
        outputs.puzzleGradient?.regrouped(rows: engine.batchSize)
    }

    /// Assigns new puzzles to halted slots, with noise in the initial states; random numbers come
    /// from a stream specific to the step, so that a resumed run uses the same ones.
    private func refill(_ carry: inout Carry, from batch: TokenBatch) {
        let fresh = carry.halted.indices.filter { carry.halted[$0] }
        carry.refill(from: batch, model: model)
        guard configuration.startNoise > 0 else { return }
        var generator = SeededGenerator(
            seed: configuration.seed, stream: RandomStream.startingStates(step: step))
        for slot in fresh {
            carry.disturb(
                slot, amplitude: configuration.startNoise, using: &generator, model: model)
        }
    }

    /// The number of slots that learn in this step.
    private var learningSlots: Int {
        configuration.learningSlots(at: step)
    }

    /// The segment schedule of this step; nil for the model's own.
    private var segment: SegmentSchedule? {
        configuration.depthCurriculum.map { curriculum in
            let depth = curriculum.value(at: step, of: totalSteps)
            return configuration.architecture.withCycles(
                high: depth.highCycles, low: depth.lowCycles
            ).schedule
        }
    }

    /// The maximum number of segments per puzzle in this step.
    private var maxSteps: Int {
        configuration.segmentCurriculum?.value(at: step, of: totalSteps)
            ?? model.configuration.haltMaxSteps
    }

    /// Returns the learning rate of this step for a base rate.
    private func rate(_ base: Double) -> Double {
        LearningRateSchedule(
            base: base, warmupSteps: configuration.warmupSteps, totalSteps: totalSteps,
            minimumRatio: configuration.learningRateMinimumRatio,
            shape: configuration.learningRateShape, decayShare: configuration.decayShare
        ).rate(at: step) * learningRateFactor
    }
}

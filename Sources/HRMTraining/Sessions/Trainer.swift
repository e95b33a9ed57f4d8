public import HRMModel
public import HRMTensor

/// A model in training: one call, one segment, one update of the weights.
///
/// It knows no file and no data set. The order of operations is the reference's: count the step;
/// refill halted slots; segment, loss and gradient; rates of this step; SignSGD on the puzzle
/// embedding, AdamATan2 on everything else (or Muon on the matrices of the blocks), unless that is
/// frozen.
public struct Trainer: Sendable {
    /// The model; its weights change with every step.
    public let model: HierarchicalReasoningModel
    /// Steps made or skipped, the last one's number.
    public internal(set) var step = 0
    /// After this step the weights rest.
    public let totalSteps: Int
    /// What goes from step to step: the slots of all batches that are open, one after the other.
    public internal(set) var carry: Carry
    /// The main optimizer.
    public internal(set) var optimizer: AdamATan2
    /// The optimizer of the blocks' matrices, where the configuration asks for one of their own.
    public let muon: Muon?
    /// The average of the weights, where the configuration asks for one.
    public let average: AveragedWeights?
    /// What the rates of the schedule are multiplied with; 1 unless a run that diverged went back.
    public internal(set) var learningRateFactor = 1.0
    /// The results of the last step for the whole batch.
    public var outputs: BatchOutputs { engine.outputs }

    private let configuration: TrainingConfiguration
    private let puzzleOptimizer: SparseSignSGD
    let engine: ReasoningEngine
    var exploration: SeededGenerator

    /// What a step came to.
    public struct StepResult: Sendable {
        /// The number of the step, counting from 1.
        public var step: Int
        /// AdamATan2's learning rate.
        public var learningRate: Double
        /// The puzzle embedding's learning rate.
        public var puzzleLearningRate: Double
        /// Muon's learning rate, where there is one.
        public var muonLearningRate: Double?
        /// Sums over the batch.
        public var metrics: StepMetrics
        /// What each slot came to, in order.
        public var outcomes: [SequenceOutcome]
        /// Set when loss or gradient is not finite: then no weight was changed.
        public var divergence: Divergence?

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
        carry = Carry(
            batchSize: configuration.globalBatchSize * configuration.openBatches, model: model)
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
    ///   - rearranging: May move the cells of the puzzles that go on before their next segment; is
    ///     given the slots whose turn it is.
    ///   - minimumSteps: Replaces the exploration's draws, one number a slot.
    ///   - inspectGradients: Sees each worker's flat gradients before the optimizer uses them up.
    /// - Returns: Nothing when the schedule is over: then no weight changes, nor the carry.
    public mutating func advance(
        with batch: TokenBatch, rearranging: ((inout Carry) -> Void)? = nil,
        minimumSteps: [Int]? = nil,
        inspectGradients: (([Matrix]) -> Void)? = nil
    ) -> StepResult? {
        step += 1
        guard step <= totalSteps else {
            // As in the reference, the average draws nearer to weights that rest.
            updateAverage()
            return nil
        }
        let place = turn
        var open = carry.slots(place)
        rearranging?(&open)
        refill(&open, from: batch)
        if step <= configuration.openBatches, configuration.staggersSlots {
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

    /// The slots whose turn it is in this step.
    private var turn: Range<Int> {
        let size = configuration.globalBatchSize
        let first = (step - 1) % configuration.openBatches * size
        return first..<(first + size)
    }

    /// Goes on where an earlier trainer was, whose weights, moments and carry are in place already.
    mutating func resume(
        step: Int, updateCount: Int, learningRateFactor: Double, exploration: SeededGenerator
    ) {
        self.step = step
        self.learningRateFactor = learningRateFactor
        self.exploration = exploration
        optimizer.updateCount = updateCount
        // A step that diverged leaves gradients that no update has used up.
        for gradient in engine.gradients { gradient.clear() }
        model.pack(workers: engine.workers)
    }

    /// What is not finite in the step; weights that took it in could never be mended.
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
            // No update uses them up.
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

    /// Frozen weights are their own average, to the bit.
    private func updateAverage() {
        guard !configuration.freezesWeights else { return }
        average?.update(from: model, step: step, workers: engine.workers)
    }

    /// Gradient of each slot's row of the puzzle embedding after the last step, padded to whole
    /// positions: `[B, P·D]`.
    public var puzzleGradients: Matrix? {
        outputs.puzzleGradient?.regrouped(rows: engine.batchSize)
    }

    /// New puzzles for halted slots, in training with noise in their first states: drawn from a
    /// stream of the step's own, so that a run which goes on draws the same.
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

    /// How many slots learn in this step.
    private var learningSlots: Int {
        configuration.learningSlots(at: step)
    }

    /// What a segment is in this step; nil: what it is in the model.
    private var segment: SegmentSchedule? {
        configuration.depthCurriculum.map { curriculum in
            let depth = curriculum.value(at: step, of: totalSteps)
            return configuration.architecture.withCycles(
                high: depth.highCycles, low: depth.lowCycles
            ).schedule
        }
    }

    /// How many segments a puzzle is given at most in this step.
    private var maxSteps: Int {
        configuration.segmentCurriculum?.value(at: step, of: totalSteps)
            ?? model.configuration.haltMaxSteps
    }

    /// This step's share of a rate.
    private func rate(_ base: Double) -> Double {
        LearningRateSchedule(
            base: base, warmupSteps: configuration.warmupSteps, totalSteps: totalSteps,
            minimumRatio: configuration.learningRateMinimumRatio,
            shape: configuration.learningRateShape, decayShare: configuration.decayShare
        ).rate(at: step) * learningRateFactor
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

    /// Noise in the states of puzzles that begin in a step, counting from 1.
    public static func startingStates(step: Int) -> UInt64 { UInt64(step) << 32 | 5 }

    /// Images of the puzzles that are shown in a step, counting from 1.
    public static func augmentation(step: Int) -> UInt64 { UInt64(step) << 32 | 6 }

    /// Augmentation of one task of many, counting from 0, so that tasks can be worked on in any order.
    public static func task(_ index: Int) -> UInt64 { UInt64(index + 1) << 32 | puzzles }
}

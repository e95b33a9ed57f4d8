package import HRMEngine
public import HRMModel
package import HRMTensor

/// A training in progress: one call is one segment and one update of the weights.
///
/// It uses no files and no data sets, and leaves all arithmetic to an `Engine`. The order of
/// operations is the reference's: increment the step; refill halted slots; segment, loss and
/// gradient; learning rates of this step; update of the weights.
public struct Trainer: Sendable {
    /// The engine, which owns weights and states.
    package let engine: any Engine
    /// The number of steps made or skipped so far.
    package internal(set) var step = 0
    /// The number of updates of the weights so far.
    package internal(set) var updateCount = 0
    /// The step after which the weights no longer change.
    package let totalSteps: Int
    /// The puzzles between steps: the slots of all interleaved batches in order.
    package internal(set) var carry: Carry
    /// The factor applied to the scheduled learning rates; below 1 after a run has returned to a
    /// checkpoint.
    package internal(set) var learningRateFactor = 1.0

    /// The counts of the search in each slot; nil for a model that reads tokens.
    package internal(set) var pool: SearchPool?

    private let configuration: TrainingConfiguration
    var exploration: SeededGenerator

    /// A permutation of the cells of one slot.
    package typealias Rearrangement = (slot: Int, sources: [Int])

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
        package var outcomes: [SequenceOutcome]
        /// The divergence if loss or gradient is not finite; the weights are then unchanged.
        public var divergence: Divergence?

        /// The undivided loss of the step, `lm_loss + ½ · (q_halt_loss + q_continue_loss)`.
        public var loss: Double { outcomes.reduce(0) { $0 + $1.loss.total } }
    }

    /// Creates a trainer.
    ///
    /// - Parameters:
    ///   - engine: An engine for training with the configuration's optimizers and as many slots as
    ///     all interleaved batches have.
    ///   - configuration: Batch size, learning rates, decays and seed.
    ///   - totalSteps: The length of the schedule.
    /// - Precondition: The configuration's architecture is the engine's.
    package init(engine: any Engine, configuration: TrainingConfiguration, totalSteps: Int) {
        let slots = configuration.globalBatchSize * configuration.interleavedBatches
        precondition(
            configuration.architecture == engine.configuration && engine.slotCount == slots,
            "settings of another architecture, or \(slots) slots for \(engine.slotCount)")
        self.engine = engine
        self.configuration = configuration
        self.totalSteps = totalSteps
        carry = Carry(
            slotCount: slots, dimensions: engine.dimensions,
            candidateSymbols: engine.configuration.candidateSymbols)
        pool = engine.configuration.readsCandidates ? SearchPool(slotCount: slots) : nil
        exploration = SeededGenerator(seed: configuration.seed, stream: RandomStream.exploration)
    }

    /// Creates a trainer whose engine runs on the processors of this machine.
    ///
    /// - Parameters:
    ///   - model: A trainable model; its weights change with every step.
    ///   - configuration: Batch size, learning rates, decays and seed.
    ///   - totalSteps: The length of the schedule.
    ///   - workers: The worker threads.
    ///   - timed: True to measure the engine's time by kind of operation.
    package init(
        model: HierarchicalReasoningModel, configuration: TrainingConfiguration, totalSteps: Int,
        workers: Workers, timed: Bool = false
    ) {
        let engine = CPUEngine(
            training: model, optimizers: configuration.optimizers,
            batchSize: configuration.globalBatchSize, batches: configuration.interleavedBatches,
            workers: workers, timed: timed)
        self.init(engine: engine, configuration: configuration, totalSteps: totalSteps)
    }

    /// Makes one step.
    ///
    /// - Parameters:
    ///   - batch: New puzzles; only the rows of halted slots are used.
    ///   - rearranging: Returns permutations of the cells of continuing puzzles before their next
    ///     segment; receives the slots of this step.
    ///   - minimumSteps: Replaces the random minimum steps of exploration, one number per slot.
    ///   - keepsGradients: True to keep the gradients as `TensorGroup.gradients` of the engine.
    /// - Returns: The results; nil after the end of the schedule, when weights and carry no longer
    ///   change.
    package mutating func advance(
        with batch: TokenBatch, rearranging: ((Carry) -> [Rearrangement])? = nil,
        minimumSteps: [Int]? = nil, keepsGradients: Bool = false
    ) -> StepResult? {
        step += 1
        guard step <= totalSteps else {
            // As in the reference, the average keeps approaching the unchanged weights.
            if let rate = averageRate { engine.updateAverage(rate: rate) }
            return nil
        }
        let place = turn
        var open = carry.slots(place)
        for (slot, sources) in rearranging?(open) ?? [] {
            open.rearrange(slot, sources: sources)
            engine.rearrange(place.lowerBound + slot, sources: sources)
        }
        refill(&open, at: place, from: encoded(batch))
        if step <= configuration.interleavedBatches, configuration.staggersSlots {
            open.stagger(maxSteps: maxSteps)
        }
        let slots = learningSlots
        let minimum =
            minimumSteps
            ?? AdaptiveComputation.drawMinimumSteps(
                slots: open.slotCount, maxSteps: maxSteps,
                probability: configuration.architecture.haltExplorationProbability,
                using: &exploration)
        let update = nextUpdate
        var outcome = engine.train(
            &open,
            TrainingStep(
                slots: place, learningSlots: slots, minimumSteps: minimum, maxSteps: maxSteps,
                schedule: segment, scale: 1 / Double(slots), update: update,
                keepsGradients: keepsGradients))
        var generator = SeededGenerator(
            seed: configuration.seed, stream: RandomStream.pins(step: step))
        pool?.advance(
            &open, at: place, outcomes: &outcome.sequences, engine: engine,
            settings: configuration.search, using: &generator)
        carry.put(open, at: place)
        if outcome.nonFinite == nil, !configuration.freezesWeights { updateCount += 1 }
        var result = StepResult(
            step: step, learningRate: update.learningRate,
            puzzleLearningRate: update.puzzleLearningRate,
            muonLearningRate: update.muonLearningRate, metrics: StepMetrics(),
            outcomes: outcome.sequences, divergence: outcome.nonFinite.map(Divergence.init))
        for outcome in outcome.sequences { result.metrics.add(outcome) }
        return result
    }

    /// Returns a batch in the model's input format, for a search with the states it starts in.
    private func encoded(_ batch: TokenBatch) -> TokenBatch {
        let (architecture, dimensions) = (configuration.architecture, engine.dimensions)
        guard architecture.readsCandidates else { return batch }
        var generator = SeededGenerator(
            seed: configuration.seed, stream: RandomStream.hints(step: step))
        return configuration.search.starts(
            of: batch, length: dimensions.sequenceLength, symbols: architecture.symbolCount,
            vocabularySize: dimensions.vocabularySize, using: &generator)
    }

    /// The update of this step.
    private var nextUpdate: TrainingStep.Update {
        TrainingStep.Update(
            number: updateCount + 1, learningRate: rate(configuration.learningRate),
            puzzleLearningRate: rate(configuration.puzzleEmbeddingLearningRate),
            muonLearningRate: configuration.optimizer == .muon
                ? rate(configuration.muon.learningRate) : nil,
            averageRate: averageRate)
    }

    /// The share of the average that is kept in this step; nil without an average.
    private var averageRate: Double? {
        guard configuration.averagesWeights else { return nil }
        return AverageSchedule(
            rate: configuration.averageRate, warmsUp: configuration.warmsUpAverage
        ).rate(at: step)
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
        self.updateCount = updateCount
        self.learningRateFactor = learningRateFactor
        self.exploration = exploration
    }

    /// Assigns new puzzles to halted slots, with noise in the initial states; random numbers come
    /// from a stream specific to the step, so that a resumed run uses the same ones.
    private func refill(_ open: inout Carry, at place: Range<Int>, from batch: TokenBatch) {
        var generator = SeededGenerator(
            seed: configuration.seed, stream: RandomStream.startingStates(step: step))
        for slot in open.refill(from: batch) {
            let noise =
                configuration.startNoise > 0
                ? StateNoise(
                    amplitude: configuration.startNoise, configuration: engine.configuration,
                    dimensions: engine.dimensions, using: &generator) : nil
            engine.begin(place.lowerBound + slot, noise: noise)
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
            ?? configuration.architecture.haltMaxSteps
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

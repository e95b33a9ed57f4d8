public import HRMTensor

/// Runs a model's segments on a batch, spread over workers.
///
/// The sequences that are wanted are cut into micro-batches; micro-batch `i` goes to worker `i mod n`,
/// which takes it through the whole segment alone. So equal worker counts give equal bits, and
/// another worker count changes no more than the order in which gradients are summed.
///
/// When fewer sequences than workers are wanted and nothing is learned, all workers take one sequence
/// after the other through it together, each with a share of its rows. Every row's arithmetic is the
/// same either way.
public final class ReasoningEngine: Sendable {
    /// The weights.
    public let model: HierarchicalReasoningModel
    /// Slots of a batch.
    public let batchSize: Int
    /// Threads.
    public let workers: Workers
    /// Logits, Q logits and the puzzle rows' gradients of the last step.
    public let outputs: BatchOutputs
    /// Each worker's sum of gradients, `[1, layout.flatCount]`; the optimizer clears them.
    public let gradients: [Matrix]
    /// Workers who take micro-batches through a segment, each alone; nobody where a batch always has
    /// fewer sequences than there are workers.
    private let crew: [SegmentWorker]
    /// All workers together, for one sequence at a time; none when training.
    private let team: SegmentWorker?
    /// Sequences in a micro-batch at most: as many as there is memory for.
    private let microBatchSize: Int

    /// Tokens, or symbols of tokens, that a micro-batch holds at most, unless one sequence is longer:
    /// enough for the weight gradients to run at speed, few enough for the activations to stay in the
    /// cache.
    private static let microBatchRows = 700

    /// Allocates everything a step needs.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - batchSize: Slots of a batch.
    ///   - workers: Threads.
    ///   - training: Whether ``trainingStep(_:minimumSteps:scale:schedule:maxSteps:first:)`` will be called.
    ///   - timed: Whether to measure what the time goes into, see ``operationTimes``.
    /// - Precondition: The model is trainable, when training.
    public init(
        model: HierarchicalReasoningModel, batchSize: Int, workers: Workers, training: Bool,
        timed: Bool = false
    ) {
        precondition(batchSize >= 1, "a batch of \(batchSize)")
        precondition(model.isTrainable || !training, "a model made to infer cannot train")
        self.model = model
        self.batchSize = batchSize
        self.workers = workers
        let whole = Self.microBatches(
            of: batchSize, atMost: Self.suitableMicroBatch(for: model), workers: workers)
        microBatchSize = whole.map(\.count).max() ?? 1
        func worker(sizes: Set<Int>, team: Team) -> SegmentWorker {
            SegmentWorker(
                model: model, sizes: sizes, team: team, training: training,
                stopwatch: timed ? Stopwatch() : nil)
        }
        team = training ? nil : worker(sizes: [1], team: Team(workers: workers))
        // A batch for inference may have any number of its slots in use.
        let sizes = training ? Set(whole.map(\.count)) : Set(1...microBatchSize)
        crew =
            training || batchSize >= workers.count
            ? (0..<workers.count).map { _ in worker(sizes: sizes, team: Team()) } : []
        gradients = crew.compactMap(\.gradients)
        let prefixRows = batchSize * model.configuration.prefixLength
        outputs = BatchOutputs(
            logits: Matrix(
                rows: batchSize * model.positionCount, columns: model.dimensions.vocabularySize),
            qLogits: Matrix(rows: batchSize, columns: 2),
            puzzleGradient: training && prefixRows > 0
                ? Matrix(rows: prefixRows, columns: model.configuration.hiddenSize) : nil)
    }

    /// Slots with which a batch for inference keeps all workers busy, two micro-batches for each.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - workers: Threads.
    /// - Returns: Slots; at least two.
    public static func suitableSlots(
        for model: HierarchicalReasoningModel, workers: Workers
    ) -> Int {
        2 * suitableMicroBatch(for: model) * workers.count
    }

    private static func suitableMicroBatch(for model: HierarchicalReasoningModel) -> Int {
        max(1, microBatchRows / (model.positionCount * max(1, model.configuration.symbolCount)))
    }

    /// One segment of training: states, halting, losses, and gradients added to ``gradients``.
    ///
    /// The caller has refilled the carry; it updates the weights afterwards and packs them.
    ///
    /// - Parameters:
    ///   - carry: Where the slots are; moved on.
    ///   - minimumSteps: One number a slot, see
    ///     ``AdaptiveComputation/drawMinimumSteps(slots:maxSteps:probability:using:)``.
    ///   - scale: Factor of the gradients; 1 / global batch size in the reference.
    ///   - schedule: What a segment is; the model's own unless given, and no longer than it.
    ///   - maxSteps: Segments after which a sequence ends; the model's own unless given.
    ///   - count: How many slots learn, the first ones; those behind them rest. All unless given.
    /// - Returns: What each slot that learned came to, in order.
    public func trainingStep(
        _ carry: inout Carry, minimumSteps: [Int], scale: Double,
        schedule: SegmentSchedule? = nil, maxSteps: Int? = nil, first count: Int? = nil
    ) -> [SequenceOutcome] {
        precondition(
            carry.batchSize == batchSize && minimumSteps.count == batchSize,
            "a carry of \(carry.batchSize), \(minimumSteps.count) minima, a batch of \(batchSize)")
        let (count, most) = (count ?? batchSize, model.schedule.gradientApplications)
        precondition(
            (1...batchSize).contains(count) && schedule?.gradientApplications ?? 0 <= most,
            "\(count) of \(batchSize) slots, \(schedule?.gradientApplications ?? 0) applications "
                + "with gradient and memory for \(most)")
        let current = carry
        let outcomes = inOrder(count) { worker, slots in
            self.crew[worker].train(
                self.model, carry: current, slots: slots, minimumSteps: minimumSteps, scale: scale,
                schedule: schedule, maxSteps: maxSteps ?? self.model.configuration.haltMaxSteps,
                outputs: self.outputs)
        }
        carry.advance(outcomes)
        return outcomes
    }

    /// Gives the copies of a weight that serve all symbols alike (``HRMConfiguration/symbolCount``) a
    /// common gradient; to be called before an optimizer uses ``gradients``.
    public func shareSymbolGradients() {
        guard let tying = model.symbolTying else { return }
        for gradient in gradients { tying.tie(gradients: gradient) }
    }

    /// One segment of evaluation: states forward, logits into ``outputs``; a sequence halts at
    /// `maxSteps` and not before.
    ///
    /// - Parameters:
    ///   - carry: Where the slots are; moved on.
    ///   - maxSteps: Segments after which a sequence ends.
    ///   - count: How many slots are wanted, the first ones; those behind them rest. All unless given.
    ///   - observer: Is shown every moment of the segment; no bit of the results depends on whether
    ///     there is one.
    /// - Returns: What each of these slots came to, in order.
    public func evaluationStep(
        _ carry: inout Carry, maxSteps: Int, first count: Int? = nil,
        observer: SegmentObserver? = nil
    ) -> [SequenceOutcome] {
        let count = count ?? batchSize
        precondition(
            carry.batchSize == batchSize && (0...batchSize).contains(count),
            "a carry of \(carry.batchSize), \(count) slots, a batch of \(batchSize)")
        let current = carry
        let outcomes =
            if let team, count < workers.count {
                // As one worker, for what workers do to the processor's settings.
                Workers(count: 1).map { _ in
                    (0..<count).flatMap {
                        team.infer(
                            self.model, carry: current, slots: $0..<($0 + 1), maxSteps: maxSteps,
                            outputs: self.outputs, observer: observer)
                    }
                }.flatMap { $0 }
            } else {
                inOrder(count) { worker, slots in
                    self.crew[worker].infer(
                        self.model, carry: current, slots: slots, maxSteps: maxSteps,
                        outputs: self.outputs, observer: observer)
                }
            }
        carry.advance(outcomes)
        return outcomes
    }

    /// Returns the outcome of each of the first slots, in order, when every worker has finished its share.
    private func inOrder(
        _ count: Int, _ body: @Sendable (_ worker: Int, _ slots: Range<Int>) -> [SequenceOutcome]
    ) -> [SequenceOutcome] {
        let parts = Self.microBatches(of: count, atMost: microBatchSize, workers: workers)
        let outcomes = workers.map { worker in
            stride(from: worker, to: parts.count, by: self.workers.count).map {
                body(worker, parts[$0])
            }
        }
        return parts.indices.flatMap { outcomes[$0 % workers.count][$0 / workers.count] }
    }

    /// Cuts slots into a whole number of rounds, so that no worker waits for another's last
    /// micro-batch.
    private static func microBatches(
        of count: Int, atMost most: Int, workers: Workers
    ) -> [Range<Int>] {
        let needed = (count + most - 1) / most
        let rounds = (needed + workers.count - 1) / workers.count
        let parts = min(count, rounds * workers.count)
        return (0..<parts).map { Workers(count: parts).share(of: count, worker: $0) }
    }

    /// The time spent by part since ``resetTimes()``, summed over all workers; nothing
    /// unless the engine was made to measure it.
    public var operationTimes: [EngineOperation: Duration] {
        var times: [EngineOperation: Duration] = [:]
        for stopwatch in (crew + [team].compactMap(\.self)).compactMap(\.stopwatch) {
            times.merge(stopwatch.times, uniquingKeysWith: +)
        }
        // Measured from the first line of a micro-batch to the last, the other parts included.
        for (operation, time) in times where operation != .other {
            times[.other, default: .zero] -= time
        }
        return times
    }

    /// Begins the measurement of ``operationTimes`` anew.
    public func resetTimes() {
        for worker in crew { worker.stopwatch?.reset() }
        team?.stopwatch?.reset()
    }

    /// The most likely token of each cell of a slot, `[S]`, after the last step.
    public func predictions(of slot: Int) -> [Int32] {
        let vocabulary = model.dimensions.vocabularySize
        return outputs.logits.withValues { logits in
            (0..<model.dimensions.sequenceLength).map { cell in
                let first = model.firstLogit(of: slot) + cell * vocabulary
                return Int32(
                    TokenLoss.mostLikely(logits, cell: first..<(first + vocabulary)))
            }
        }
    }

}

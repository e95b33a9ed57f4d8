import HRMModel
import HRMTensor

/// Runs a model's segments on a batch, distributed over workers.
///
/// The active sequences are split into micro-batches; micro-batch `i` belongs to worker `i mod n`,
/// which computes the whole segment for it. Equal worker counts therefore give bitwise equal
/// results, and a different worker count changes only the order in which gradients are summed.
/// Several processes can share a training; `n` then counts the workers of all of them.
///
/// For inference with fewer active sequences than workers, all workers share the rows of one
/// sequence after another. The arithmetic of every row is the same in both cases.
final class SegmentExecutor: Sendable {
    /// The weights.
    let model: HierarchicalReasoningModel
    /// The number of slots in a batch.
    let batchSize: Int
    /// The worker threads.
    let workers: Workers
    /// The place of the workers among those of all processes that share a training.
    let place: WorkerPlace
    /// Logits, Q logits and the puzzle embedding gradients of the last step.
    let outputs: BatchOutputs
    /// Each worker's sum of gradients, `[1, layout.flatCount]`; the optimizer resets them.
    let gradients: [Matrix]
    /// Workers that process one micro-batch each; empty if a batch always has fewer sequences than
    /// there are workers.
    private let crew: [SegmentWorker]
    /// All workers as a team for one sequence at a time; nil in training.
    private let team: SegmentWorker?
    /// The maximum number of sequences in a micro-batch, for which memory is allocated.
    private let microBatchSize: Int

    /// The target number of tokens, or symbols of tokens, in a micro-batch: large enough for fast
    /// weight gradients, small enough for the activations to stay in the cache.
    private static let microBatchRows = 700

    /// Allocates all memory that a step needs.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - batchSize: The number of slots in a batch.
    ///   - workers: The worker threads.
    ///   - training: True if ``trainingStep(_:minimumSteps:scale:schedule:maxSteps:first:)`` will
    ///     be called.
    ///   - timed: True to measure ``operationTimes``.
    ///   - place: The place of the workers among those of all processes that share a training; nil
    ///     if there are no others.
    /// - Precondition: In training, the model is trainable.
    init(
        model: HierarchicalReasoningModel, batchSize: Int, workers: Workers, training: Bool,
        timed: Bool = false, place: WorkerPlace? = nil
    ) {
        precondition(batchSize >= 1, "a batch of \(batchSize)")
        precondition(model.isTrainable || !training, "a model made to infer cannot train")
        self.model = model
        self.batchSize = batchSize
        self.workers = workers
        let place = place ?? WorkerPlace(first: 0, total: workers.count)
        self.place = place
        let whole = Self.microBatches(
            of: batchSize, atMost: Self.suitableMicroBatch(for: model), workers: place.total)
        microBatchSize = whole.map(\.count).max() ?? 1
        func worker(sizes: Set<Int>, team: Team) -> SegmentWorker {
            SegmentWorker(
                model: model, sizes: sizes, team: team, training: training,
                stopwatch: timed ? Stopwatch() : nil)
        }
        team = training ? nil : worker(sizes: [1], team: Team(workers: workers))
        // In inference any number of slots may be in use.
        let sizes = training ? Set(whole.map(\.count)) : Set(1...microBatchSize)
        crew =
            training || batchSize >= workers.count
            ? (0..<workers.count).map { _ in worker(sizes: sizes, team: Team()) } : []
        gradients = crew.compactMap(\.gradients)
        let prefixRows = batchSize * model.configuration.prefixLength
        outputs = BatchOutputs(
            logits: Matrix(
                rows: batchSize * model.positionCount, columns: model.outputCount),
            qLogits: Matrix(rows: batchSize, columns: 2),
            puzzleGradient: training && prefixRows > 0
                ? Matrix(rows: prefixRows, columns: model.configuration.hiddenSize) : nil)
    }

    /// Returns the number of slots with which a batch for inference keeps all workers busy, two
    /// micro-batches per worker.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - workers: The worker threads.
    /// - Returns: The number of slots, at least two.
    static func suitableSlots(
        for model: HierarchicalReasoningModel, workers: Workers
    ) -> Int {
        2 * suitableMicroBatch(for: model) * workers.count
    }

    private static func suitableMicroBatch(for model: HierarchicalReasoningModel) -> Int {
        max(1, microBatchRows / (model.positionCount * max(1, model.configuration.symbolCount)))
    }

    /// Runs one training segment: states, halting, losses, and gradients added to ``gradients``.
    ///
    /// The caller refills the carry before, and updates and packs the weights afterwards.
    ///
    /// - Parameters:
    ///   - carry: The state of the slots; updated.
    ///   - minimumSteps: One number per slot, see
    ///     ``AdaptiveComputation/drawMinimumSteps(slots:maxSteps:probability:using:)``.
    ///   - scale: The factor of the gradients; 1 / global batch size in the reference.
    ///   - schedule: The schedule of the segment, at most as long as the model's; nil for the
    ///     model's own.
    ///   - maxSteps: The number of segments after which a sequence ends; nil for the model's own.
    ///   - count: The number of slots that learn, starting with the first; nil for all.
    /// - Returns: The outcome of each slot that learned, in order.
    func trainingStep(
        _ carry: inout CPUCarry, minimumSteps: [Int], scale: Double,
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
        carry.slots.advance(outcomes)
        return outcomes
    }

    /// Averages the gradients of tied weight copies (`HRMConfiguration/symbolCount`); must be
    /// called before an optimizer uses ``gradients``.
    func shareSymbolGradients() {
        guard let tying = model.symbolTying else { return }
        for gradient in gradients { tying.tie(gradients: gradient) }
    }

    /// Runs one evaluation segment: new states, logits in ``outputs``; a sequence halts exactly at
    /// `maxSteps`.
    ///
    /// - Parameters:
    ///   - carry: The state of the slots; updated.
    ///   - maxSteps: The number of segments after which a sequence ends.
    ///   - count: The number of active slots, starting with the first; nil for all.
    ///   - observer: Called at every moment of the segment; it does not affect the results.
    /// - Returns: The outcome of each active slot, in order.
    func evaluationStep(
        _ carry: inout CPUCarry, maxSteps: Int, first count: Int? = nil,
        observer: SegmentObserver? = nil
    ) -> [SequenceOutcome] {
        let count = count ?? batchSize
        precondition(
            carry.batchSize == batchSize && (0...batchSize).contains(count),
            "a carry of \(carry.batchSize), \(count) slots, a batch of \(batchSize)")
        let current = carry
        let outcomes =
            if let team, count < workers.count {
                // Run as a single worker, because workers adjust the processor's floating-point
                // settings.
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
        carry.slots.advance(outcomes)
        return outcomes
    }

    /// Returns the outcomes of the first slots in order, after every worker has finished its share.
    private func inOrder(
        _ count: Int, _ body: @Sendable (_ worker: Int, _ slots: Range<Int>) -> [SequenceOutcome]
    ) -> [SequenceOutcome] {
        let parts = Self.microBatches(of: count, atMost: microBatchSize, workers: place.total)
        let outcomes = workers.map { worker in
            stride(from: self.place.first + worker, to: parts.count, by: self.place.total).map {
                body(worker, parts[$0])
            }
        }
        return parts.indices.flatMap { part in
            let worker = part % place.total - place.first
            return outcomes.indices.contains(worker) ? outcomes[worker][part / place.total] : []
        }
    }

    /// Returns the worker of each slot among those of all processes, `[count]`.
    ///
    /// - Parameter count: The number of slots that learn.
    /// - Returns: The workers.
    func workersOfSlots(_ count: Int) -> [Int] {
        let parts = Self.microBatches(of: count, atMost: microBatchSize, workers: place.total)
        return parts.indices.flatMap { part in parts[part].map { _ in part % place.total } }
    }

    /// Splits slots into a number of micro-batches that is a multiple of the worker count, so that
    /// the load is even.
    private static func microBatches(
        of count: Int, atMost most: Int, workers: Int
    ) -> [Range<Int>] {
        let needed = (count + most - 1) / most
        let rounds = (needed + workers - 1) / workers
        let parts = min(count, rounds * workers)
        return (0..<parts).map { Workers(count: parts).share(of: count, worker: $0) }
    }

    /// The time spent by kind of operation since ``resetTimes()``, summed over all workers; empty
    /// unless the engine measures it.
    var operationTimes: [EngineOperation: Duration] {
        var times: [EngineOperation: Duration] = [:]
        for stopwatch in (crew + [team].compactMap(\.self)).compactMap(\.stopwatch) {
            times.merge(stopwatch.times, uniquingKeysWith: +)
        }
        // Measured over a whole micro-batch, including the other operations.
        for (operation, time) in times where operation != .other {
            times[.other, default: .zero] -= time
        }
        return times
    }

    /// Resets ``operationTimes``.
    func resetTimes() {
        for worker in crew { worker.stopwatch?.reset() }
        team?.stopwatch?.reset()
    }
}

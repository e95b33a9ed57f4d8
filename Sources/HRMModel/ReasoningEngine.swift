public import HRMTensor

/// Runs a model's segments on a batch, spread over workers.
///
/// The batch is cut into micro-batches; micro-batch `i` goes to worker `i mod n`, which takes it
/// through the whole segment alone. So equal worker counts give equal bits, and another worker
/// count changes no more than the order in which gradients are summed.
///
/// When there are fewer sequences than workers and nothing is learned, all workers take one sequence
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
    private let crew: [SegmentWorker]
    private let microBatches: [Range<Int>]
    /// Who runs the members of the crew: as many threads as there are members.
    private let members: Workers

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
    ///   - training: Whether ``trainingStep(_:minimumSteps:scale:schedule:first:)`` will be called.
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
        let sharesRows = !training && batchSize < workers.count
        members = sharesRows ? Workers(count: 1) : workers
        let rows = model.positionCount * max(1, model.configuration.symbolCount)
        let microBatches = Self.microBatches(
            of: batchSize, most: max(1, Self.microBatchRows / rows), members: members)
        self.microBatches = microBatches
        crew = (0..<members.count).map { _ in
            SegmentWorker(
                model: model, sizes: Set(microBatches.map(\.count)),
                team: sharesRows ? Team(workers: workers) : Team(), training: training,
                stopwatch: timed ? Stopwatch() : nil)
        }
        gradients = crew.compactMap(\.gradients)
        let prefixRows = batchSize * model.configuration.prefixLength
        outputs = BatchOutputs(
            logits: Matrix(
                rows: batchSize * model.positionCount, columns: model.dimensions.vocabularySize),
            qLogits: Matrix(rows: batchSize, columns: 2),
            puzzleGradient: training && prefixRows > 0
                ? Matrix(rows: prefixRows, columns: model.configuration.hiddenSize) : nil)
    }

    /// The slots of a batch, cut into parts of `most` at most.
    private static func microBatches(
        of count: Int, most: Int, members: Workers
    ) -> [Range<Int>] {
        let needed = (count + most - 1) / most
        // A whole number of rounds, so that no worker waits for another's last micro-batch.
        let rounds = (needed + members.count - 1) / members.count
        let parts = Workers(count: min(count, rounds * members.count))
        return (0..<parts.count).map { parts.share(of: count, worker: $0) }
    }

    /// One segment of training: states, halting, losses, and gradients added to ``gradients``.
    ///
    /// The caller has refilled the carry; it updates the weights afterwards and packs them.
    ///
    /// - Parameters:
    ///   - carry: Where the slots are; moved on.
    ///   - minimumSteps: One number a slot, see
    ///     ``AdaptiveComputation/drawMinimumSteps(slots:configuration:using:)``.
    ///   - scale: Factor of the gradients; 1 / global batch size in the reference.
    ///   - schedule: What a segment is; the model's own unless given, and no longer than it.
    ///   - count: How many slots learn, the first ones; those behind them rest. All unless given.
    /// - Returns: What each slot that learned came to, in order.
    public func trainingStep(
        _ carry: inout Carry, minimumSteps: [Int], scale: Double,
        schedule: SegmentSchedule? = nil, first count: Int? = nil
    ) -> [SequenceOutcome] {
        precondition(
            carry.batchSize == batchSize && minimumSteps.count == batchSize,
            "a carry of \(carry.batchSize), \(minimumSteps.count) minima, a batch of \(batchSize)")
        let (count, most) = (count ?? batchSize, model.schedule.gradientApplications)
        precondition(
            (1...batchSize).contains(count) && schedule?.gradientApplications ?? 0 <= most,
            "\(count) of \(batchSize) slots, \(schedule?.gradientApplications ?? 0) applications "
                + "with gradient and memory for \(most)")
        // Fewer slots are cut anew, so that every worker has a share of them.
        let parts =
            count == batchSize
            ? microBatches
            : Self.microBatches(
                of: count, most: microBatches.map(\.count).max() ?? 1, members: members)
        let current = carry
        let outcomes = inOrder(parts[...]) { worker, slots in
            self.crew[worker].train(
                self.model, carry: current, slots: slots, minimumSteps: minimumSteps, scale: scale,
                schedule: schedule, outputs: self.outputs)
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
    ///   - count: How many slots are wanted, the first ones; those behind them may rest.
    ///   - observer: Is shown every moment of the segment; no bit of the results depends on whether
    ///     there is one.
    /// - Returns: What each of the slots came to that moved on, in order: at least the first `count`.
    public func evaluationStep(
        _ carry: inout Carry, maxSteps: Int, first count: Int? = nil,
        observer: SegmentObserver? = nil
    ) -> [SequenceOutcome] {
        precondition(
            carry.batchSize == batchSize && count ?? 0 <= batchSize,
            "a carry of \(carry.batchSize), \(count ?? 0) slots, a batch of \(batchSize)")
        let current = carry
        let outcomes = inOrder(microBatches.prefix { $0.lowerBound < count ?? batchSize }) {
            worker, slots in
            self.crew[worker].infer(
                self.model, carry: current, slots: slots, maxSteps: maxSteps,
                outputs: self.outputs, observer: observer)
        }
        carry.advance(outcomes)
        return outcomes
    }

    /// What came of each slot, in order, when every worker has done its share of the first
    /// micro-batches.
    private func inOrder(
        _ first: ArraySlice<Range<Int>>,
        _ body: @Sendable (_ worker: Int, _ slots: Range<Int>) -> [SequenceOutcome]
    ) -> [SequenceOutcome] {
        let outcomes = members.map { worker in
            stride(from: worker, to: first.count, by: self.members.count).map {
                body(worker, first[$0])
            }
        }
        return first.indices.flatMap { outcomes[$0 % members.count][$0 / members.count] }
    }

    /// What the time went into since ``resetTimes()``, added up over all who computed; nothing
    /// unless the engine was made to measure it.
    public var operationTimes: [EngineOperation: Duration] {
        var times: [EngineOperation: Duration] = [:]
        for stopwatch in crew.compactMap(\.stopwatch) {
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

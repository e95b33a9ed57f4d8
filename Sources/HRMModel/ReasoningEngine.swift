public import HRMTensor

/// Runs a model's segments on a batch, spread over workers.
///
/// The batch is cut into micro-batches; micro-batch `i` goes to worker `i mod n`, which takes it
/// through the whole segment alone. So equal worker counts give equal bits, and another worker
/// count changes no more than the order in which gradients are summed.
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

    /// Tokens that a micro-batch holds at most, unless one sequence is longer: enough for the
    /// weight gradients to run at speed, few enough for the activations to stay in the cache.
    private static let microBatchTokens = 700

    /// Allocates everything a step needs.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - batchSize: Slots of a batch.
    ///   - workers: Threads.
    ///   - training: Whether ``trainingStep(_:minimumSteps:scale:)`` will be called.
    /// - Precondition: The model is trainable, when training.
    public init(
        model: HierarchicalReasoningModel, batchSize: Int, workers: Workers, training: Bool
    ) {
        precondition(batchSize >= 1, "a batch of \(batchSize)")
        precondition(model.isTrainable || !training, "a model made to infer cannot train")
        self.model = model
        self.batchSize = batchSize
        self.workers = workers
        let most = max(1, Self.microBatchTokens / model.positionCount)
        let needed = (batchSize + most - 1) / most
        // A whole number of rounds, so that no worker waits for another's last micro-batch.
        let rounds = (needed + workers.count - 1) / workers.count
        let parts = Workers(count: min(batchSize, rounds * workers.count))
        microBatches = (0..<parts.count).map { parts.share(of: batchSize, worker: $0) }
        let largest = microBatches.map(\.count).max() ?? 1
        crew = (0..<workers.count).map { _ in
            SegmentWorker(model: model, sequences: largest, training: training)
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

    /// One segment of training: states, halting, losses, and gradients added to ``gradients``.
    ///
    /// The caller has refilled the carry; it updates the weights afterwards and packs them.
    ///
    /// - Parameters:
    ///   - carry: Where the slots are; moved on.
    ///   - minimumSteps: One number a slot, see
    ///     ``AdaptiveComputation/drawMinimumSteps(slots:configuration:using:)``.
    ///   - scale: Factor of the gradients; 1 / global batch size in the reference.
    /// - Returns: What each slot came to, in order.
    public func trainingStep(
        _ carry: inout Carry, minimumSteps: [Int], scale: Double
    ) -> [SequenceOutcome] {
        precondition(
            carry.batchSize == batchSize && minimumSteps.count == batchSize,
            "a carry of \(carry.batchSize), \(minimumSteps.count) minima, a batch of \(batchSize)")
        let current = carry
        let outcomes = workers.map { worker in
            self.microBatches(of: worker).flatMap { slots in
                self.crew[worker].train(
                    self.model, carry: current, slots: slots, minimumSteps: minimumSteps,
                    scale: scale, outputs: self.outputs)
            }
        }
        let ordered = outcomes.flatMap { $0 }.sorted { $0.row < $1.row }
        carry.advance(ordered)
        return ordered
    }

    /// One segment of evaluation: states forward, logits into ``outputs``; a sequence halts at
    /// `maxSteps` and not before.
    ///
    /// - Returns: What each slot came to, in order.
    public func evaluationStep(_ carry: inout Carry, maxSteps: Int) -> [SequenceOutcome] {
        precondition(
            carry.batchSize == batchSize, "a carry of \(carry.batchSize), a batch of \(batchSize)")
        let current = carry
        workers.run { worker in
            for slots in self.microBatches(of: worker) {
                self.crew[worker].infer(
                    self.model, carry: current, slots: slots, outputs: self.outputs)
            }
        }
        let outcomes = (0..<batchSize).map { slot in
            let steps = current.steps[slot] + 1
            return SequenceOutcome(
                row: slot, loss: loss(of: slot, labels: current.current.labels),
                qHalt: outputs.qLogits[slot, 0], qContinue: outputs.qLogits[slot, 1],
                targetQContinue: nil, next: nil, steps: steps, hasHalted: steps >= maxSteps)
        }
        carry.advance(outcomes)
        return outcomes
    }

    /// The most likely token of each cell of a slot, `[S]`, after the last step.
    public func predictions(of slot: Int) -> [Int32] {
        let vocabulary = model.dimensions.vocabularySize
        return outputs.logits.withValues { logits in
            (0..<model.dimensions.sequenceLength).map { cell in
                let first = firstLogit(of: slot) + cell * vocabulary
                return Int32(
                    TokenLoss.mostLikely(logits, cell: first..<(first + vocabulary)))
            }
        }
    }

    private func loss(of slot: Int, labels: [Int32]) -> SequenceLoss {
        outputs.logits.withValues { logits in
            SequenceLoss(
                type: model.configuration.lossType, logits: logits, first: firstLogit(of: slot),
                vocabulary: model.dimensions.vocabularySize,
                labels: model.cells(labels, of: slot..<(slot + 1)),
                qLogits: (outputs.qLogits[slot, 0], outputs.qLogits[slot, 1]),
                targetQContinue: nil)
        }
    }

    private func firstLogit(of slot: Int) -> Int {
        (slot * model.positionCount + model.configuration.prefixLength)
            * model.dimensions.vocabularySize
    }

    private func microBatches(of worker: Int) -> [Range<Int>] {
        Swift.stride(from: worker, to: microBatches.count, by: workers.count)
            .map { microBatches[$0] }
    }
}

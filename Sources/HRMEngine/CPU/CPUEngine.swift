package import HRMModel
package import HRMTensor
import Synchronization

/// The engine that runs on the processors of this machine.
///
/// Equal worker counts give bitwise equal results.
package final class CPUEngine: Engine {
    /// The weights; the engine computes with this memory.
    package let model: HierarchicalReasoningModel
    /// The number of slots.
    package let slotCount: Int
    /// The worker threads.
    package let workers: Workers
    let executor: SegmentExecutor
    let states: SlotStates
    let optimizers: CPUOptimizers?
    /// The gradients of the last step that kept them.
    private let gradients = Mutex<[NamedTensor]>([])

    /// Creates an engine for inference.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - slotCount: The number of slots.
    ///   - workers: The worker threads.
    ///   - timed: True to measure ``operationTimes``.
    package init(
        model: HierarchicalReasoningModel, slotCount: Int, workers: Workers, timed: Bool = false
    ) {
        self.model = model
        self.slotCount = slotCount
        self.workers = workers
        executor = SegmentExecutor(
            model: model, batchSize: slotCount, workers: workers, training: false, timed: timed)
        states = SlotStates(slotCount: slotCount, model: model)
        optimizers = nil
    }

    /// Creates an engine for training.
    ///
    /// - Parameters:
    ///   - model: A trainable model; its weights change with every step.
    ///   - optimizers: The optimizers.
    ///   - batchSize: `B`, the number of slots of a step.
    ///   - batches: The number of interleaved batches, each with its own slots.
    ///   - workers: The worker threads.
    ///   - timed: True to measure ``operationTimes``.
    ///   - place: The place of the workers among those of all processes that share the training; nil
    ///     if there are no others.
    /// - Precondition: The model is trainable.
    package init(
        training model: HierarchicalReasoningModel, optimizers: OptimizerDescription,
        batchSize: Int, batches: Int = 1, workers: Workers, timed: Bool = false,
        place: WorkerPlace? = nil
    ) {
        self.model = model
        slotCount = batchSize * batches
        self.workers = workers
        executor = SegmentExecutor(
            model: model, batchSize: batchSize, workers: workers, training: true, timed: timed,
            place: place)
        states = SlotStates(slotCount: batchSize * batches, model: model)
        self.optimizers = CPUOptimizers(optimizers, model: model, workers: workers)
    }

    /// The architecture.
    package var configuration: HRMConfiguration { model.configuration }
    /// The dimensions that the data set determines.
    package var dimensions: PuzzleDimensions { model.dimensions }

    /// Returns the number of slots with which an engine for inference keeps all workers busy, two
    /// micro-batches per worker.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - workers: The worker threads.
    /// - Returns: The number of slots, at least two.
    package static func suitableSlots(
        for model: HierarchicalReasoningModel, workers: Workers
    ) -> Int {
        SegmentExecutor.suitableSlots(for: model, workers: workers)
    }

    /// The time spent by kind of operation since ``resetTimes()``, summed over all workers; empty
    /// unless the engine measures it.
    package var operationTimes: [EngineOperation: Duration] { executor.operationTimes }

    /// Resets ``operationTimes``.
    package func resetTimes() { executor.resetTimes() }
}

// MARK: - Slots

extension CPUEngine {
    /// Sets the states of a slot to the initial ones, plus noise, if given.
    package func begin(_ slot: Int, noise: StateNoise?) {
        states.begin(slot, model: model)
        if let noise { states.add(noise, to: slot, model: model) }
    }

    /// Copies the states of one slot to another.
    package func move(from source: Int, to target: Int) {
        states.move(from: source, to: target, model: model)
    }

    /// Permutes the cells of a slot; the positions of the puzzle embedding stay.
    package func rearrange(_ slot: Int, sources: [Int]) {
        states.rearrange(slot, sources: sources, model: model)
    }

    /// Calls `body` with the logits of a slot's cells after its last segment, `[S, V]` row-major.
    package func withLogits<Result>(of slot: Int, _ body: (Span<Float>) -> Result) -> Result {
        let first = model.firstLogit(of: slot)
        let count = dimensions.sequenceLength * model.outputCount
        return executor.outputs.logits.withValues { logits in
            body(logits.extracting(first..<(first + count)))
        }
    }
}

// MARK: - Segments

extension CPUEngine {
    /// Runs one segment without gradient; a sequence halts exactly at `maxSteps`.
    package func infer(
        _ carry: inout Carry, first count: Int, maxSteps: Int, observer: SegmentObserver?
    ) -> [SequenceOutcome] {
        var whole = CPUCarry(carry, states: states)
        let outcomes = executor.evaluationStep(
            &whole, maxSteps: maxSteps, first: count, observer: observer)
        carry = whole.slots
        return outcomes
    }

    /// Runs one training step: a segment, losses, backward pass and the update of the weights.
    package func train(_ carry: inout Carry, _ step: TrainingStep) -> TrainingOutcome {
        let outcome = accumulate(&carry, step)
        let count = outcome.sequences.count
        keepGradients(step, slots: count)
        let update = outcome.nonFinite == nil ? step.update : nil
        if update != nil { executor.shareSymbolGradients() }
        finish(
            update, identifiers: Array(carry.current.puzzleIdentifiers.prefix(count)),
            gradients: executor.gradients)
        return outcome
    }

    /// Runs the first half of a training step, up to the gradients of each worker.
    ///
    /// - Parameters:
    ///   - carry: The puzzles of the step's slots; the segment counts of those that this engine's
    ///     workers process are updated.
    ///   - step: The description of the step.
    /// - Returns: The outcomes of these slots, in order.
    package func accumulate(_ carry: inout Carry, _ step: TrainingStep) -> TrainingOutcome {
        precondition(optimizers != nil, "an engine made to infer cannot train")
        var part = CPUCarry(carry, states: states.slots(step.slots, model: model))
        let outcomes = executor.trainingStep(
            &part, minimumSteps: step.minimumSteps, scale: step.scale, schedule: step.schedule,
            maxSteps: step.maxSteps, first: step.learningSlots)
        carry = part.slots
        return TrainingOutcome(sequences: outcomes, nonFinite: nonFinite(in: outcomes))
    }

    /// Runs the second half of a training step: the update of the weights.
    ///
    /// - Parameters:
    ///   - update: The rates; nil to reset the gradients only.
    ///   - identifiers: The rows of the puzzle embedding of the slots that learned.
    ///   - gradients: The summands of the gradient; their symbols are tied.
    package func finish(_ update: TrainingStep.Update?, identifiers: [Int32], gradients: [Matrix]) {
        guard let update, let optimizers else {
            // No update resets them.
            for gradient in executor.gradients { gradient.clear() }
            return
        }
        optimizers.update(
            update, executor: executor, identifiers: identifiers, gradients: gradients)
    }

    /// Copies the gradients if a step keeps them.
    package func keepGradients(_ step: TrainingStep, slots: Int) {
        guard step.keepsGradients else { return }
        let sums = summedGradients(slots: slots)
        gradients.withLock { $0 = sums }
    }

    /// Moves the averaged weights towards the weights without a step.
    package func updateAverage(rate: Double) {
        optimizers?.updateAverage(rate: rate)
    }

    /// Returns the quantity that is not finite, if any; it must not reach the weights.
    private func nonFinite(in outcomes: [SequenceOutcome]) -> TrainingOutcome.NonFinite? {
        guard outcomes.allSatisfy({ $0.loss.total.isFinite }) else { return .loss }
        let puzzles = executor.outputs.puzzleGradient.map { [$0.regrouped(rows: 1)] } ?? []
        let gradients = executor.gradients + puzzles
        let finite = workers.map { worker in
            gradients.allSatisfy {
                $0.columns(self.workers.share(of: $0.columns, worker: worker)).isFinite
            }
        }
        return finite.allSatisfy { $0 } ? nil : .gradient
    }
}

// MARK: - Tensors

extension CPUEngine {
    /// Returns the tensors of a group by name.
    package func tensors(_ group: TensorGroup) -> [NamedTensor] {
        switch group {
        case .weights: model.namedTensors
        case .states: [.matrix("z_H", states.high), .matrix("z_L", states.low)]
        case .optimizer: optimizers?.tensors ?? []
        case .gradients: gradients.withLock { $0 }
        }
    }

    /// Returns the gradients of the last step, summed over the workers.
    private func summedGradients(slots: Int) -> [NamedTensor] {
        guard let first = executor.gradients.first else { return [] }
        let sum = Matrix(rows: 1, columns: first.columns)
        for gradient in executor.gradients { Sum.of(sum, gradient, into: sum) }
        model.symbolTying?.tie(gradients: sum)
        var result = model.layout.entries.map {
            NamedTensor(name: $0.name, shape: $0.shape, values: $0.matrix(in: sum))
        }
        if let table = model.puzzleEmbedding, let puzzles = executor.outputs.puzzleGradient {
            // Padded to whole positions.
            let padded = puzzles.regrouped(rows: executor.batchSize).rows(0..<slots)
            let rows = Matrix(rows: slots, columns: table.columns)
            rows.assign(padded.columns(0..<table.columns))
            result.append(.matrix("puzzle_emb.weights", rows))
        }
        return result
    }

    /// Replaces tensors of a group by name.
    package func load(_ tensors: [NamedTensor], _ group: TensorGroup) {
        let own = Dictionary(uniqueKeysWithValues: self.tensors(group).map { ($0.name, $0) })
        for tensor in tensors {
            guard let target = own[tensor.name], target.shape == tensor.shape else {
                preconditionFailure(
                    "'\(tensor.name)' \(tensor.shape) for \(own[tensor.name]?.shape ?? [])")
            }
            target.values.assign(tensor.values)
        }
        if group == .weights { model.pack(workers: workers) }
    }
}

extension NamedTensor {
    /// Creates a tensor of a matrix.
    static func matrix(_ name: String, _ values: Matrix) -> Self {
        Self(name: name, shape: [values.rows, values.columns], values: values)
    }
}

public import HRMEngine
package import HRMModel
import HRMTensor
import Synchronization

/// The reference engine behind the package's seam: values are rounded to float32 on the way out.
extension ReferenceEngine: Engine {
    /// Sets the states of a slot to the initial ones, plus noise, if given.
    package func begin(_ slot: Int, noise: StateNoise?) {
        begin(slot: slot, noise: noise.map { ($0.high, $0.low) })
    }

    /// Permutes the cells of a slot.
    public func rearrange(_ slot: Int, sources: [Int]) {
        rearrange(slot: slot, sources: sources)
    }

    /// Runs one segment without gradient.
    package func infer(
        _ carry: inout Carry, first count: Int, maxSteps: Int, observer: SegmentObserver?
    ) -> [SequenceOutcome] {
        var table = ReferenceSlotTable(carry, slots: 0..<slotCount, of: slotCount)
        let outcomes = infer(
            &table, slots: 0..<count, maxSteps: maxSteps,
            observer: observer.map { observer in
                { observer(SegmentMoment($1, slot: $0, prefix: self.model.prefixLength)) }
            }
        ).map { $0.sequenceOutcome(firstSlot: 0) }
        carry.advance(outcomes)
        return outcomes
    }

    /// Runs one training step.
    package func train(_ carry: inout Carry, _ step: TrainingStep) -> TrainingOutcome {
        var table = ReferenceSlotTable(carry, slots: step.slots, of: slotCount)
        let result = train(&table, ReferenceTrainingStep(step))
        let outcomes = result.outcomes.map {
            $0.sequenceOutcome(firstSlot: step.slots.lowerBound)
        }
        carry.advance(outcomes)
        return TrainingOutcome(
            sequences: outcomes,
            nonFinite: result.divergence.map { $0 == .loss ? .loss : .gradient })
    }

    /// Moves the averaged weights towards the weights without a step.
    public func updateAverage(rate: Double) { updateAverage(share: 1 - rate) }

    /// Calls `body` with the logits of a slot after its last segment, rounded to float32.
    public func withLogits<Result>(of slot: Int, _ body: (Span<Float>) -> Result) -> Result {
        let first = memory.withLock { $0.firstSlot }
        return body(logits(of: first + slot).floats.span)
    }

    /// Returns the tensors of a group.
    package func tensors(_ group: TensorGroup) -> [NamedTensor] {
        let tensors =
            group == .gradients ? sharedGradients : tensors(ReferenceTensorGroup(group))
        return tensors.map { tensor in
            NamedTensor(
                name: tensor.name, shape: tensor.shape,
                values: Matrix(
                    tensor.values, rows: tensor.values.count / max(1, tensor.shape.last ?? 1),
                    columns: tensor.shape.last ?? 1))
        }
    }

    /// Replaces tensors by name; others stay.
    package func load(_ tensors: [NamedTensor], _ group: TensorGroup) {
        let group = ReferenceTensorGroup(group)
        var merged = self.tensors(group)
        for tensor in tensors {
            guard let place = merged.firstIndex(where: { $0.name == tensor.name }) else {
                preconditionFailure("there is no tensor '\(tensor.name)'")
            }
            merged[place] = ReferenceTensor(
                name: tensor.name, shape: tensor.shape, values: tensor.values.values)
        }
        do {
            try load(merged, group)
        } catch {
            preconditionFailure(error.description)
        }
    }

    /// Copies the weights to a model of the package.
    public func copyWeights(average: Bool, to target: HierarchicalReasoningModel) {
        let source = average ? averagedModel ?? model : model
        for entry in target.layout.entries + target.layout.buffers {
            guard let weight = source.weights[entry.name] else { continue }
            target.tensor(entry)?.assign(weight.floats)
        }
        target.pack(workers: Workers(count: 1))
    }
}

extension ReferenceEngine {
    /// The gradients with which the weights would be updated: copies of a weight have one.
    private var sharedGradients: [ReferenceTensor] {
        memory.withLock { memory in
            var gradients = memory.gradients
            ReferenceSymbols(memory.model)?.share(&gradients)
            return named(gradients, memory)
        }
    }
}

extension ReferenceSlotTable {
    /// The puzzles of a carry whose slots are some of an engine's.
    fileprivate init(_ carry: Carry, slots: Range<Int>, of slotCount: Int) {
        self.init(slotCount: slotCount, sequenceLength: carry.dimensions.sequenceLength)
        for (index, slot) in slots.enumerated() {
            inputs[slot] = Array(carry.current.inputs[carry.cells(of: index)])
            labels[slot] = Array(carry.current.labels[carry.cells(of: index)])
            identifiers[slot] = carry.current.puzzleIdentifiers[index]
            steps[slot] = carry.steps[index]
            halted[slot] = carry.halted[index]
        }
    }
}

extension ReferenceTrainingStep {
    fileprivate init(_ step: TrainingStep) {
        self.init(
            slots: step.slots, maxSteps: step.maxSteps,
            update: step.update.map { update in
                var result = Update(
                    number: update.number, learningRate: update.learningRate,
                    averageShare: 1 - (update.averageRate ?? 1))
                result.puzzleLearningRate = update.puzzleLearningRate
                result.muonLearningRate = update.muonLearningRate ?? 0
                return result
            })
        learningSlots = step.learningSlots
        minimumSteps = step.minimumSteps
        schedule = step.schedule
        lossScale = step.scale
    }
}

extension ReferenceTensorGroup {
    fileprivate init(_ group: TensorGroup) {
        self =
            switch group {
            case .weights: .weights
            case .states: .states
            case .optimizer: .moments
            case .gradients: .gradients
            }
    }
}

extension ReferenceOutcome {
    /// The outcome in the package's terms, with rows counted from the step's first slot.
    fileprivate func sequenceOutcome(firstSlot: Int) -> SequenceOutcome {
        // The loss of nothing, whose fields are then replaced.
        var loss = SequenceLoss(
            type: .softmaxCrossEntropy, logits: [Float]().span, first: 0, vocabulary: 1,
            labels: [], qLogits: (0, 0), targetQContinue: nil)
        loss.labelCount = labelCount
        loss.correctCount = correctCount
        loss.tokenLoss = tokenLoss
        loss.qHaltLoss = haltLoss
        loss.qContinueLoss = continueLoss
        return SequenceOutcome(
            row: slot - firstSlot, loss: loss, qHalt: Float(qHalt), qContinue: Float(qContinue),
            targetQContinue: targetQContinue,
            next: next.map { .init(qHalt: Float($0.qHalt), qContinue: Float($0.qContinue)) },
            steps: steps, hasHalted: hasHalted)
    }
}

extension SegmentMoment {
    /// A moment of one slot; its logits have rows of zeros for the puzzle embedding's positions.
    fileprivate init(_ moment: ReferenceSegment.Moment, slot: Int, prefix: Int) {
        func matrix(_ plain: PlainMatrix, rowsBefore: Int = 0) -> Matrix {
            Matrix(
                [Float](repeating: 0, count: rowsBefore * plain.columns) + plain.floats,
                rows: rowsBefore + plain.rows, columns: plain.columns)
        }
        let heads = (
            logits: matrix(moment.logits, rowsBefore: prefix), qLogits: matrix(moment.qLogits)
        )
        self.init(
            applications: moment.applications, updates: moment.updates, slots: slot..<(slot + 1),
            high: matrix(moment.states.high), low: matrix(moment.states.low), heads: { heads })
    }
}

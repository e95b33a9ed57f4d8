package import HRMEngine
import HRMModel
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension ReferenceEngine {
    /// Runs one training step: segments, losses, gradients and the update of the weights.
    ///
    /// - Precondition: The engine has optimizers.
    package func train(_ carry: inout Carry, _ step: TrainingStep) -> TrainingOutcome {
        let outcome = memory.withLock { memory in
            memory.firstSlot = step.slots.lowerBound
            let segment = ReferenceSegment(memory.model)
            var outcome = TrainingOutcome(sequences: [])
            var rows: [(identifier: Int32, gradient: PlainMatrix)] = []
            for row in 0..<step.learningSlots {
                let (sequence, puzzleGradient) = learn(
                    row, of: carry, segment: segment, step: step, memory: &memory)
                outcome.sequences.append(sequence)
                if let puzzleGradient {
                    rows.append((carry.current.puzzleIdentifiers[row], puzzleGradient))
                }
            }
            var gradients = segment.parameters.mapValues(\.gradient)
            ReferenceSymbols(memory.model)?.share(&gradients)
            gradients[Self.puzzleName] = memory.model.weights[Self.puzzleName].map {
                PlainMatrix(
                    rows.flatMap(\.gradient.values), rows: rows.count, columns: $0.columns)
            }
            if step.keepsGradients { memory.gradients = gradients }
            outcome.nonFinite = nonFinite(in: outcome.sequences, gradients)
            if outcome.nonFinite == nil, let update = step.update {
                memory.apply(update, gradients: gradients, puzzleRows: rows)
            }
            return outcome
        }
        carry.advance(outcome.sequences)
        return outcome
    }

    /// Moves the averaged weights towards the weights without a step.
    public func updateAverage(rate: Double) {
        memory.withLock { memory in
            let model = memory.model
            memory.optimizers?.updateAverage(of: model, rate: rate)
        }
    }

    /// Runs the segment of one slot, with its loss and gradient.
    private func learn(
        _ row: Int, of carry: Carry, segment: ReferenceSegment, step: TrainingStep,
        memory: inout ReferenceMemory
    ) -> (outcome: SequenceOutcome, puzzleGradient: PlainMatrix?) {
        let slot = step.slots.lowerBound + row
        let inputs = carry.inputs(of: row)
        let identifier = carry.current.puzzleIdentifiers[row]
        let results = segment(
            inputs: inputs, identifier: identifier, from: memory.states[slot],
            through: step.schedule, learning: true)
        memory.keep(results, of: slot)
        let steps = carry.steps[row] + 1
        let next =
            ReferenceHalting.hasTarget(configuration)
            ? segment(
                inputs: inputs, identifier: identifier, from: results.states,
                through: step.schedule
            ).qLogits.value : nil
        let target = next.map {
            ReferenceHalting.targetQContinue(isLast: steps >= step.maxSteps, next: $0)
        }
        let loss = ReferenceLoss(
            type: configuration.lossType, logits: results.logits, labels: carry.labels(of: row),
            qLogits: results.qLogits, targetQContinue: target,
            smoothing: configuration.labelSmoothing)
        let weight = pow(configuration.lossStepWeight, Double(steps - 1))
        loss.total.backward(PlainMatrix(step.scale * weight, rows: 1, columns: 1))
        let outcome = SequenceOutcome(
            row: row, loss: loss, qLogits: results.qLogits.value, targetQContinue: target,
            next: next, steps: steps,
            hasHalted: ReferenceHalting.halts(
                steps: steps, maxSteps: step.maxSteps, minimumSteps: step.minimumSteps[row],
                qLogits: results.qLogits.value, configuration: configuration))
        return (outcome, results.puzzleRow?.gradient)
    }

    private func nonFinite(
        in outcomes: [SequenceOutcome], _ gradients: [String: PlainMatrix]
    ) -> TrainingOutcome.NonFinite? {
        if outcomes.contains(where: { !$0.loss.total.isFinite }) { return .loss }
        let isFinite = gradients.values.allSatisfy { $0.values.allSatisfy(\.isFinite) }
        return isFinite ? nil : .gradient
    }

    /// The name of the puzzle embedding.
    static let puzzleName = "puzzle_emb.weights"
}

extension ReferenceMemory {
    /// Updates the puzzle embedding, then all other weights.
    fileprivate mutating func apply(
        _ update: TrainingStep.Update, gradients: [String: PlainMatrix],
        puzzleRows: [(identifier: Int32, gradient: PlainMatrix)]
    ) {
        guard optimizers != nil else { preconditionFailure("an engine without optimizers") }
        if var table = model.weights[ReferenceEngine.puzzleName] {
            ReferenceSignSGD.update(
                &table, rows: puzzleRows, learningRate: update.puzzleLearningRate,
                weightDecay: optimizers?.description.puzzleWeightDecay ?? 0)
            model.weights[ReferenceEngine.puzzleName] = table
        }
        optimizers?.update(&model, gradients: gradients, update)
    }
}

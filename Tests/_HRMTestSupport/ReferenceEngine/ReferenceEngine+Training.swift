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
    /// - Parameters:
    ///   - table: The puzzles; the numbers of segments and the halted slots are updated.
    ///   - step: Slots, limits and rates.
    /// - Returns: The results of the slots that learned.
    /// - Precondition: The engine has optimizers.
    public func train(
        _ table: inout ReferenceSlotTable, _ step: ReferenceTrainingStep
    ) -> ReferenceTrainingResult {
        memory.withLock { memory in
            memory.firstSlot = step.slots.lowerBound
            let segment = ReferenceSegment(memory.model)
            var result = ReferenceTrainingResult(outcomes: [])
            var rows: [(identifier: Int32, gradient: PlainMatrix)] = []
            for (index, slot) in step.slots.prefix(step.learningSlots).enumerated() {
                let (outcome, puzzleGradient) = learn(
                    slot, of: table, segment: segment, minimumSteps: step.minimumSteps[index],
                    step: step, memory: &memory)
                result.outcomes.append(outcome)
                if let puzzleGradient { rows.append((table.identifiers[slot], puzzleGradient)) }
                table.steps[slot] = outcome.steps
                table.halted[slot] = outcome.hasHalted
            }
            memory.gradients = segment.parameters.mapValues(\.gradient)
            memory.gradients[Self.puzzleName] = memory.model.weights[Self.puzzleName].map {
                PlainMatrix(
                    rows.flatMap(\.gradient.values), rows: rows.count, columns: $0.columns)
            }
            result.divergence = divergence(result.outcomes, memory.gradients)
            if result.divergence == nil, let update = step.update {
                memory.apply(update, puzzleRows: rows)
            }
            return result
        }
    }

    /// Updates the average of the weights after a step without training.
    ///
    /// - Parameter share: The share of the current weights.
    public func updateAverage(share: Double) {
        memory.withLock { memory in
            let model = memory.model
            memory.optimizers?.updateAverage(of: model, share: share)
        }
    }

    /// Runs the segment of one slot, with its loss and gradient.
    private func learn(
        _ slot: Int, of table: ReferenceSlotTable, segment: ReferenceSegment, minimumSteps: Int,
        step: ReferenceTrainingStep, memory: inout ReferenceMemory
    ) -> (outcome: ReferenceOutcome, puzzleGradient: PlainMatrix?) {
        let (inputs, identifier) = (table.inputs[slot], table.identifiers[slot])
        let results = segment(
            inputs: inputs, identifier: identifier, from: memory.states[slot],
            through: step.schedule, learning: true)
        memory.keep(results, of: slot)
        let steps = table.steps[slot] + 1
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
            type: configuration.lossType, logits: results.logits, labels: table.labels[slot],
            qLogits: results.qLogits, targetQContinue: target,
            smoothing: configuration.labelSmoothing)
        let weight = pow(configuration.lossStepWeight, Double(steps - 1))
        loss.total.backward(PlainMatrix(step.lossScale * weight, rows: 1, columns: 1))
        let outcome = ReferenceOutcome(
            slot: slot, loss: loss, qLogits: results.qLogits.value, next: next, target: target,
            steps: steps,
            hasHalted: ReferenceHalting.halts(
                steps: steps, maxSteps: step.maxSteps, minimumSteps: minimumSteps,
                qLogits: results.qLogits.value, configuration: configuration))
        return (outcome, results.puzzleRow?.gradient)
    }

    private func divergence(
        _ outcomes: [ReferenceOutcome], _ gradients: [String: PlainMatrix]
    ) -> ReferenceTrainingResult.Divergence? {
        if outcomes.contains(where: { !$0.totalLoss.isFinite }) { return .loss }
        let isFinite = gradients.values.allSatisfy { $0.values.allSatisfy(\.isFinite) }
        return isFinite ? nil : .gradient
    }

    /// The name of the puzzle embedding.
    static let puzzleName = "puzzle_emb.weights"
}

extension ReferenceMemory {
    /// Updates the puzzle embedding, then all other weights.
    fileprivate mutating func apply(
        _ update: ReferenceTrainingStep.Update,
        puzzleRows: [(identifier: Int32, gradient: PlainMatrix)]
    ) {
        guard optimizers != nil else { preconditionFailure("an engine without optimizers") }
        if var table = model.weights[ReferenceEngine.puzzleName] {
            ReferenceSignSGD.update(
                &table, rows: puzzleRows, learningRate: update.puzzleLearningRate,
                weightDecay: optimizers?.settings.puzzleWeightDecay ?? 0)
            model.weights[ReferenceEngine.puzzleName] = table
        }
        optimizers?.update(&model, gradients: gradients, update)
    }
}

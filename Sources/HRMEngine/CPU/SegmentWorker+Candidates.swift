import HRMModel
import HRMTensor

extension SegmentWorker {
    /// Returns the loss of a slot; nil in a model that reads tokens.
    func candidateLoss(
        _ model: HierarchicalReasoningModel, carry: CPUCarry, slot: Int
    ) -> CandidateLoss? {
        let configuration = model.configuration
        guard configuration.readsCandidates else { return nil }
        let symbols = configuration.symbolCount
        return CandidateLoss(
            weights: configuration.candidateLossWeights,
            sets: model.cells(carry.current.inputs, of: slot..<(slot + 1)),
            labels: model.cells(carry.current.labels, of: slot..<(slot + 1)), symbols: symbols,
            firstToken: Int32(model.dimensions.vocabularySize - symbols))
    }

    /// Computes the losses of some slots and the gradients of their outputs.
    func evaluateCandidates(
        _ model: HierarchicalReasoningModel, carry: CPUCarry, slots: Range<Int>, maxSteps: Int,
        scale: Double, outputs: BatchOutputs, memory: SegmentMemory
    ) -> [SequenceOutcome] {
        memory.qGradient.clear()
        return outputs.logits.rows(model.rows(of: slots)).withValues { values in
            memory.logitsGradient32.withMutableValues { gradient in
                var outcomes: [SequenceOutcome] = []
                for (index, slot) in slots.enumerated() {
                    guard let loss = candidateLoss(model, carry: carry, slot: slot) else {
                        continue
                    }
                    let qHalt = outputs.qLogits[slot, 0]
                    let steps = carry.steps[slot] + 1
                    let first = model.firstLogit(of: index)
                    loss.gradient(
                        values, first: first, consistency: qHalt,
                        scale: scale
                            * StepWeight.of(
                                step: steps, base: model.configuration.lossStepWeight),
                        into: &gradient)
                    outcomes.append(
                        SequenceOutcome(
                            row: slot,
                            loss: loss.value(values, first: first, consistency: qHalt),
                            qHalt: qHalt, qContinue: 0, targetQContinue: nil, next: nil,
                            steps: steps, hasHalted: steps >= maxSteps))
                }
                return outcomes
            }
        }
    }
}

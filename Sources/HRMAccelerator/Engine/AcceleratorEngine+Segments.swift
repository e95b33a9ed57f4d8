package import HRMEngine
package import HRMModel
internal import HRMTensor

extension AcceleratorEngine {
    /// Runs one segment without gradient; a sequence halts exactly at `maxSteps`.
    ///
    /// The program always computes all slots.
    package func infer(
        _ carry: inout Carry, first count: Int, maxSteps: Int, observer: SegmentObserver?
    ) -> [SequenceOutcome] {
        precondition(
            carry.slotCount == slotCount && (0...slotCount).contains(count),
            "a carry of \(carry.slotCount), \(count) slots, a batch of \(slotCount)")
        guard count > 0 else { return [] }
        let current = carry
        let (rows, moments) = withMemory { memory throws(AcceleratorError) in
            precondition(memory.batches.count == 1, "a segment of interleaved batches")
            let results = try memory.run(
                .segment(memory.shape, observed: observer != nil), batch: 0, current, count)
            return (
                try OutcomeRows(results, count: count),
                observer == nil
                    ? [] : try ObservedMoments(results, configuration, memory.shape).moments
            )
        }
        if let observer { observe(moments, count: count, observer) }
        let outcomes = (0..<count).map { slot in
            let steps = current.steps[slot] + 1
            return SequenceOutcome(
                row: slot, loss: rows.loss(slot), qHalt: rows[slot, .qHalt],
                qContinue: rows[slot, .qContinue], targetQContinue: nil, next: nil, steps: steps,
                hasHalted: steps >= maxSteps)
        }
        carry.advance(outcomes)
        return outcomes
    }

    /// Runs one training step: a segment, losses, backward pass and the update of the weights.
    package func train(_ carry: inout Carry, _ step: TrainingStep) -> TrainingOutcome {
        let current = carry
        let outcome = withMemory { memory throws(AcceleratorError) in
            try memory.train(current, step)
        }
        carry.advance(outcome.sequences)
        return outcome
    }

    /// Moves the averaged weights towards the weights without a step.
    package func updateAverage(rate: Double) {
        withMemory { memory throws(AcceleratorError) in try memory.updateAverage(rate: rate) }
    }

    /// Calls an observer with the moments of a segment.
    private func observe(
        _ moments: [ObservedMoments.Moment], count: Int, _ observer: SegmentObserver
    ) {
        for moment in moments {
            let first = moment.firstSlot
            let slots = first..<min(count, first + moment.slotCount)
            guard !slots.isEmpty else { continue }
            let rows = 0..<(slots.count * positionCount)
            let (high, low) = withMemory { memory throws(AcceleratorError) in
                (
                    try memory.context.download(
                        moment.high, rows: moment.slotCount * memory.shape.positions),
                    try memory.context.download(
                        moment.low, rows: moment.slotCount * memory.shape.positions)
                )
            }
            observer(
                SegmentMoment(
                    applications: moment.applications, updates: moment.updates, slots: slots,
                    high: high.rows(rows), low: low.rows(rows),
                    heads: { self.heads(of: moment, slots: slots.count) }))
        }
    }

    /// Computes both heads from the slow state of a moment.
    private func heads(
        of moment: ObservedMoments.Moment, slots: Int
    ) -> (logits: Matrix, qLogits: Matrix) {
        withMemory { memory throws(AcceleratorError) in
            let outputs = try memory.heads(moment)
            let (v, prefix) = (dimensions.vocabularySize, configuration.prefixLength)
            let perSlot = dimensions.sequenceLength * v
            let padding = [Float](repeating: 0, count: prefix * v)
            let logits = (0..<slots).flatMap {
                padding + outputs.logits[($0 * perSlot)..<(($0 + 1) * perSlot)]
            }
            return (
                Matrix(logits, rows: slots * positionCount, columns: v),
                Matrix(Array(outputs.q.prefix(2 * slots)), rows: slots, columns: 2)
            )
        }
    }
}

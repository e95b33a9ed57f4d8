package import HRMTensor

/// The memory that engines of several processes exchange when they share a training.
extension CPUEngine {
    /// The sum of gradients of each worker, `[1, count]`; reset by ``finish(_:identifiers:gradients:)``.
    package var workerGradients: [Matrix] { executor.gradients }

    /// Ties the gradients of each worker for symbols that share a weight.
    package func shareSymbolGradients() { executor.shareSymbolGradients() }

    /// Returns the worker of each learning slot of a step, among those of all processes.
    ///
    /// - Parameter count: The number of slots that learn.
    /// - Returns: `[count]`.
    package func workersOfSlots(_ count: Int) -> [Int] { executor.workersOfSlots(count) }

    /// Returns the states of a slot, `z_H` and `z_L`, each `[T, D]`.
    package func states(of slot: Int) -> [Matrix] {
        let rows = model.rows(of: slot..<(slot + 1))
        return [states.high.rows(rows), states.low.rows(rows)]
    }

    /// Returns the logits of a slot after its last segment, `[T, V]`; in training, slots are counted
    /// from the first one of the step.
    package func logits(of slot: Int) -> Matrix {
        executor.outputs.logits.rows(model.rows(of: slot..<(slot + 1)))
    }

    /// Returns the gradient of a slot's row of the puzzle embedding; nil without an embedding.
    ///
    /// It is padded to whole positions, `[1, P·D]`. Slots are counted from the first one of the step.
    package func puzzleGradient(of slot: Int) -> Matrix? {
        executor.outputs.puzzleGradient?.regrouped(rows: executor.batchSize)
            .rows(slot..<(slot + 1))
    }

    /// Returns the gradients of the first slots' rows of the puzzle embedding, padded to whole
    /// positions, `[count, P·D]`; nil without an embedding.
    package func puzzleGradients(of count: Int) -> Matrix? {
        executor.outputs.puzzleGradient?.regrouped(rows: executor.batchSize).rows(0..<count)
    }
}

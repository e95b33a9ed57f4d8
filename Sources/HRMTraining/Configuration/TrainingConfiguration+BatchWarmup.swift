extension TrainingConfiguration {
    /// How many of the batch's slots learn in a step.
    ///
    /// A batch grows by slots that come in, and not by batches of growing size: so the carry, the
    /// memory and what is read from the data are the same from the first step on, and a slot that
    /// rests waits with the puzzle it was given. Gradients are means over the slots that learn.
    ///
    /// - Parameter step: The number of the step; the first of a training is 1.
    /// - Returns: A number from 1 to the batch's size; the first slots of the batch learn.
    public func learningSlots(at step: Int) -> Int {
        guard step <= batchWarmupSteps else { return globalBatchSize }
        let progress = Double(step - 1) / Double(batchWarmupSteps)
        let share = batchWarmupStart + (1 - batchWarmupStart) * progress
        return min(globalBatchSize, max(1, Int((Double(globalBatchSize) * share).rounded(.up))))
    }
}

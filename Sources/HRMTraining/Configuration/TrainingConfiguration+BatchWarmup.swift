extension TrainingConfiguration {
    /// Returns the number of batch slots that learn in a step.
    ///
    /// The effective batch grows by activating slots rather than by resizing: carry, memory use and
    /// data order stay the same from the first step on, and an inactive slot keeps its puzzle.
    /// Gradients are means over the active slots.
    ///
    /// - Parameter step: The number of the step; the first one is 1.
    /// - Returns: A number from 1 to the batch size; the first slots of the batch learn.
    public func learningSlots(at step: Int) -> Int {
        guard step <= batchWarmupSteps else { return globalBatchSize }
        let progress = Double(step - 1) / Double(batchWarmupSteps)
        let share = batchWarmupStart + (1 - batchWarmupStart) * progress
        return min(globalBatchSize, max(1, Int((Double(globalBatchSize) * share).rounded(.up))))
    }
}

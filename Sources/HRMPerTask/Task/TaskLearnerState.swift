/// Everything that determines the further steps of a learner.
package struct TaskLearnerState: Sendable, Hashable {
    /// The number of steps so far.
    package var step: Int
    /// Weights, latents and optimizer states by name.
    package var tensors: [String: [Float]]
    /// The words of the random number generator.
    package var generator: [UInt64]

    /// Creates a state.
    package init(step: Int, tensors: [String: [Float]], generator: [UInt64]) {
        self.step = step
        self.tensors = tensors
        self.generator = generator
    }
}

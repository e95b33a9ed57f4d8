/// The learning of one task, step by step.
package protocol TaskLearning: AnyObject {
    /// The number of steps so far.
    var stepCount: Int { get }
    /// The losses of the last step, before its update.
    var losses: TaskLosses { get }
    /// The network's outputs for the test pairs in the last step, before its update.
    var testOutputs: TestOutputs { get }

    /// Makes a step.
    func step()
    /// Returns the state, with which a learner of the same task continues bit for bit.
    func state() -> TaskLearnerState
    /// Continues from a state.
    ///
    /// - Precondition: The state is one of a learner of the same task with the same options.
    func restore(_ state: TaskLearnerState)
}

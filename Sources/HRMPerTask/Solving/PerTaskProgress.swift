public import HRMData

/// The state of the learning of one task after a step.
public struct PerTaskProgress: Sendable, Hashable {
    /// The reason why learning ended.
    public enum Ending: String, Sendable, Hashable, Codable {
        /// All steps were made.
        case steps
        /// The time was over.
        case time
        /// Both attempts had remained the same for long enough.
        case stable
        /// The caller ended it.
        case cancelled
        /// The losses were no longer finite numbers.
        case diverged
    }

    /// The number of steps so far.
    public var step: Int
    /// The loss of the last step in nats: ``divergence`` + 10 · ``reconstruction``.
    public var loss: Double
    /// The description length of the latents in nats.
    public var divergence: Double
    /// The description length of the known grids in nats, given the network's outputs.
    public var reconstruction: Double
    /// The network's answer to each test input in the last step; empty if it had none.
    public var latest: [PuzzleGrid]
    /// The attempts at each test output, the best first; at most two.
    public var attempts: [[TaskCandidate]]
    /// The number of steps for which both attempts have been the same.
    public var stableSteps: Int
    /// The time spent on the task in seconds.
    public var seconds: Double
    /// The floating-point operations of all steps: matrix products of forward and backward passes.
    public var flop: Double
    /// The reason why learning ended; nil while it goes on.
    public var ending: Ending?

    /// The share of the work that is done, by steps or by time, `0 ... 1`.
    public var fraction: Double
}

/// The answers of a learner to one task.
public struct PerTaskSolution: Sendable, Hashable {
    /// The task, with the correct answers if it had any; the learner did not have them.
    public var task: ARCTask
    /// The state after the last step, with the attempts.
    public var progress: PerTaskProgress
    /// All answers to each test input, the attempts first, then with decreasing sureness.
    public var candidates: [[TaskCandidate]]
    /// For each test input, the number of attempts that it would have taken to give the correct
    /// answer, counting from 1; nil if it is unknown or was no answer in any step.
    public var ranks: [Int?]
    /// The number of attempts that it would have taken to answer all test inputs correctly at
    /// once; nil if an answer is unknown or no step gave it.
    public var jointRank: Int?

    /// The reason why learning ended.
    public var ending: PerTaskProgress.Ending { progress.ending ?? .cancelled }
}

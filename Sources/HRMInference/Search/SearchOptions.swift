public import HRMModel

/// The choices of a search for the answer to a puzzle.
public struct SearchOptions: Sendable, Hashable {
    /// The rule by which states change.
    public var policy: SearchPolicy
    /// The reaction to a contradiction.
    public var onContradiction = ContradictionResponse.refute
    /// The factor of ``/HRMModel/SearchPolicy/strikeBelow`` at each new start from the puzzle.
    public var caution = 0.7
    /// The logit of consistency below which an incomplete state is taken for a contradiction.
    public var contradictionBelow: Float = 0
    /// The number of times that the model has to find a complete state consistent from its initial
    /// states, after it has found it so from those that led to it; they may agree with themselves
    /// alone.
    public var checks = 1
    /// The least logit of consistency at which a complete state is an answer.
    public var leastConsistency: Float = 0

    /// Creates the default options: the surest way, in contrast to training, which explores.
    ///
    /// - Parameter policy: The rule by which states change in training; of the pins, the cell is one
    ///   of the fewest candidates instead, and the symbol the most likely one.
    public init(policy: SearchPolicy = SearchPolicy()) {
        self.policy = policy
        self.policy.cell = .fewest
        self.policy.temperature = 0
    }
}

/// The reaction of a search to a contradiction.
public enum ContradictionResponse: String, Sendable, Codable, Hashable, CaseIterable {
    /// Starts again from the puzzle, with other pins.
    case restart
    /// Returns to the state before the last pin, and strikes the pinned symbol.
    case refute
}

public import HRMModel

/// How much thought each puzzle gets, and how an answer is chosen among several attempts at it.
public struct ThinkingPlan: Sendable, Hashable {
    /// Segments of an attempt at most; may be more than the model was trained with.
    public var maxSteps: Int
    /// When an attempt ends before that.
    public var halting: HaltingRule
    /// Attempts at images of the puzzle under symmetries of its task, the puzzle itself included;
    /// the answers are turned back and vote.
    public var votes: Int
    /// Attempts from different initial states, the model's own included; of those at one image, the
    /// one the model is surest of counts.
    public var starts: Int
    /// Standard deviation of the noise on the other initial states.
    public var noise: Double
    /// Decides symmetries and noise: equal seeds, equal answers.
    public var seed: UInt64

    /// A plan; one attempt unless more are asked for.
    ///
    /// - Parameters:
    ///   - maxSteps: Segments of an attempt at most.
    ///   - halting: When an attempt ends before that.
    ///   - votes: Images of each puzzle, itself included.
    ///   - starts: Initial states for each image, the model's own included.
    ///   - noise: Standard deviation of the noise on the others.
    ///   - seed: Decides symmetries and noise.
    /// - Precondition: Counts are positive.
    public init(
        maxSteps: Int, halting: HaltingRule = .never, votes: Int = 1, starts: Int = 1,
        noise: Double = 1, seed: UInt64 = 0
    ) {
        precondition(
            maxSteps >= 1 && votes >= 1 && starts >= 1,
            "\(maxSteps) steps, \(votes) votes, \(starts) starts")
        self.maxSteps = maxSteps
        self.halting = halting
        self.votes = votes
        self.starts = starts
        self.noise = noise
        self.seed = seed
    }

    /// What the reference's evaluation does: as many segments as in training for every puzzle.
    ///
    /// - Parameter model: The model that will think.
    /// - Returns: The plan.
    public static func asTrained(_ model: HierarchicalReasoningModel) -> Self {
        Self(maxSteps: model.configuration.haltMaxSteps)
    }

    /// Attempts at each puzzle.
    public var attempts: Int { votes * starts }
}

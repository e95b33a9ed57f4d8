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
    /// one that was halted and that the model is surest of counts.
    public var starts: Int
    /// Further attempts at an image, one after the other, while ``halting`` has ended none of those
    /// before; each is from another initial state.
    public var restarts: Int
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
    ///   - restarts: Further ones at most, while no attempt has been halted.
    ///   - noise: Standard deviation of the noise on the others.
    ///   - seed: Decides symmetries and noise.
    /// - Precondition: Counts are positive, `restarts >= 0`.
    public init(
        maxSteps: Int, halting: HaltingRule = .never, votes: Int = 1, starts: Int = 1,
        restarts: Int = 0, noise: Double = 1, seed: UInt64 = 0
    ) {
        precondition(
            maxSteps >= 1 && votes >= 1 && starts >= 1 && restarts >= 0,
            "\(maxSteps) steps, \(votes) votes, \(starts) starts, \(restarts) restarts")
        self.maxSteps = maxSteps
        self.halting = halting
        self.votes = votes
        self.starts = starts
        self.restarts = restarts
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

    /// What a trained model is used with unless somebody says otherwise.
    ///
    /// Until an answer has settled, for 64 segments at most, or as many as in training where those are
    /// more; and then from other initial states, 15 times at most: a solved board stays as it is, and one
    /// that is not solved hardly ever settles. A model that was trained with one segment has not learned
    /// to halt, and gets that one.
    ///
    /// - Parameter model: The model that will think.
    /// - Returns: The plan.
    public static func recommended(for model: HierarchicalReasoningModel) -> Self {
        let trained = model.configuration.haltMaxSteps
        guard trained > 1 else { return asTrained(model) }
        return Self(maxSteps: max(64, trained), halting: .settled, restarts: 15)
    }

    /// Attempts at each image at most.
    var attemptsPerImage: Int { starts + restarts }

    /// Attempts at each puzzle at most.
    public var attempts: Int { votes * attemptsPerImage }
}

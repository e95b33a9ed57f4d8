import HRMModel

/// What came of thinking about a puzzle.
public struct PuzzleSolution: Sendable, Hashable {
    /// The answer, `[S]`.
    public var tokens: [Int32]
    /// Logit of "halt" of the attempt with this answer that was surest of it.
    public var qHalt: Float
    /// Segments that this attempt took.
    public var steps: Int
    /// Whether the halting rule ended it, not the number of segments.
    public var hasHalted: Bool
    /// Attempts that voted for this answer.
    public var votes: Int
    /// Attempts that voted.
    public var voters: Int
    /// Segments of all attempts together: what the answer cost.
    public var totalSteps: Int
    /// The first answer of any attempt, after any segment, that the checker accepted; none without a
    /// checker, or when it accepted none.
    public var firstValid: [Int32]?
    /// The first attempt's answer after `PuzzleStream.earlySteps` segments, or its last one if it ended
    /// before; nil where that was not asked for.
    public var earlyTokens: [Int32]?

    /// The model's own probability that the answer is right.
    public var confidence: Double { QLoss.sigmoid(Double(qHalt)) }
}

extension PuzzleSolution {
    /// What came of thinking about a puzzle once.
    ///
    /// - Parameters:
    ///   - thoughts: One a segment; at least one.
    ///   - hasHalted: Whether the halting rule ended it.
    ///   - firstValid: The first answer that a checker accepted.
    public init(
        thoughts: [PuzzleReasoner.Thought], hasHalted: Bool, firstValid: [Int32]? = nil
    ) {
        precondition(!thoughts.isEmpty, "no thought")
        let last = thoughts[thoughts.count - 1]
        self.init(
            tokens: last.tokens, qHalt: last.qHalt, steps: last.step, hasHalted: hasHalted,
            votes: 1, voters: 1, totalSteps: last.step, firstValid: firstValid)
    }
}

/// One attempt's outcome, turned back into the puzzle's own frame.
struct AttemptOutcome: Equatable {
    var tokens: [Int32]
    var qHalt: Float
    var steps: Int
    var hasHalted: Bool
}

extension PuzzleSolution {
    /// Chooses among attempts.
    ///
    /// Of those that differ in their initial state alone, one votes: one that was halted before others,
    /// and then the surest. The answer with the most votes wins; of several, the one whose voters are
    /// surest together.
    ///
    /// - Parameters:
    ///   - attempts: One group an image of the puzzle, that of the puzzle itself first; no group is
    ///     empty.
    ///   - firstValid: What the checker accepted.
    ///   - totalSteps: Segments of all attempts.
    init(choosingFrom attempts: [[AttemptOutcome]], firstValid: [Int32]?, totalSteps: Int) {
        let voters = attempts.compactMap { group in
            let halted = group.filter(\.hasHalted)
            return (halted.isEmpty ? group : halted).max { $0.qHalt < $1.qHalt }
        }
        precondition(!voters.isEmpty, "no attempt")
        var best = (place: 0, votes: 0, sureness: 0.0)
        for (place, voter) in voters.enumerated() {
            let allies = voters.filter { $0.tokens == voter.tokens }
            let sureness = allies.reduce(0) { $0 + QLoss.sigmoid(Double($1.qHalt)) }
            if (allies.count, sureness) > (best.votes, best.sureness) {
                best = (place, allies.count, sureness)
            }
        }
        let winners = voters.filter { $0.tokens == voters[best.place].tokens }
        let surest = winners.max { $0.qHalt < $1.qHalt } ?? voters[best.place]
        self.init(
            tokens: surest.tokens, qHalt: surest.qHalt, steps: surest.steps,
            hasHalted: surest.hasHalted, votes: winners.count, voters: voters.count,
            totalSteps: totalSteps, firstValid: firstValid)
    }
}

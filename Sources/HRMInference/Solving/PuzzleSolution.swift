import HRMModel

/// The result of solving a puzzle.
public struct PuzzleSolution: Sendable, Hashable {
    /// The answer, `[S]`.
    public var tokens: [Int32]
    /// The "halt" logit of the most confident attempt with this answer.
    public var qHalt: Float
    /// The number of segments of this attempt.
    public var steps: Int
    /// True if the halting rule, not the maximum number of segments, ended it.
    public var hasHalted: Bool
    /// The number of votes for this answer.
    public var votes: Int
    /// The total number of votes.
    public var voters: Int
    /// The number of segments of all attempts, that is, the cost of the answer.
    public var totalSteps: Int
    /// The first answer of any attempt, after any segment, that the checker accepted; nil without a
    /// checker, or if it accepted none.
    public var firstValid: [Int32]?
    /// The first attempt's answer after `PuzzleStream.earlySteps` segments, or its last one if it
    /// ended before; nil if not requested.
    public var earlyTokens: [Int32]?

    /// The model's estimated probability that the answer is correct.
    public var confidence: Double { QLoss.sigmoid(Double(qHalt)) }
}

extension PuzzleSolution {
    /// Creates the solution of a single attempt.
    ///
    /// - Parameters:
    ///   - thoughts: One output per segment; at least one.
    ///   - hasHalted: True if the halting rule ended the attempt.
    ///   - firstValid: The first answer that a checker accepted.
    public init(
        thoughts: [StepOutput], hasHalted: Bool, firstValid: [Int32]? = nil
    ) {
        precondition(!thoughts.isEmpty, "no thought")
        let last = thoughts[thoughts.count - 1]
        self.init(
            tokens: last.tokens, qHalt: last.qHalt, steps: last.step, hasHalted: hasHalted,
            votes: 1, voters: 1, totalSteps: last.step, firstValid: firstValid)
    }
}

/// The outcome of one attempt, mapped back to the puzzle's own orientation and symbols.
struct AttemptOutcome: Equatable {
    var tokens: [Int32]
    var qHalt: Float
    var steps: Int
    var hasHalted: Bool
}

extension PuzzleSolution {
    /// Chooses the answer among several attempts.
    ///
    /// Of attempts that differ only in their initial state, one votes: preferably one that halted,
    /// then the most confident. The answer with the most votes wins; a tie is decided by the
    /// voters' total confidence.
    ///
    /// - Parameters:
    ///   - attempts: One non-empty group per image of the puzzle, beginning with the puzzle itself.
    ///   - firstValid: The answer that the checker accepted.
    ///   - totalSteps: The number of segments of all attempts.
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

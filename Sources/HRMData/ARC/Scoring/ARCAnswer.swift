/// The answers to one test input: all candidates of a vote, of which the best are attempts.
public struct ARCAnswer: Sendable, Hashable {
    /// The test input, with the correct answer if it is known.
    public var test: ARCPair
    /// The answered grids, those with the most votes first.
    public var candidates: [ARCVote.Candidate]

    /// Creates an answer from its candidates.
    ///
    /// - Parameters:
    ///   - test: The test input.
    ///   - candidates: The answered grids, the best first.
    public init(to test: ARCPair, candidates: [ARCVote.Candidate]) {
        self.test = test
        self.candidates = candidates
    }

    /// The best candidates, at most as many as the competition allows.
    public var attempts: [ARCVote.Candidate] {
        Array(candidates.prefix(ARCSubmission.attempts))
    }

    /// The number of votes for all candidates together.
    public var voteCount: Int { candidates.reduce(0) { $0 + $1.votes } }

    /// Returns true if a candidate is the correct answer; `nil` if that is unknown.
    public func isRight(_ candidate: ARCVote.Candidate) -> Bool? {
        test.output.map { $0 == candidate.grid }
    }
}

extension ARCVote {
    /// Returns the answers to the test inputs of a task, in their order.
    ///
    /// - Parameter task: The index of the task in ``tasks``.
    /// - Returns: One answer per test input.
    public func answers(toTask task: Int) -> [ARCAnswer] {
        tasks[task].tests.enumerated().map { index, test in
            ARCAnswer(to: test, candidates: ranking(ofTask: task, test: index))
        }
    }
}

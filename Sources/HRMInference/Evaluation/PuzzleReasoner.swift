public import HRMEngine
import HRMModel
public import HRMTensor

/// Solves single puzzles and records the output of every segment.
public struct PuzzleReasoner {
    /// The model's output after one segment.
    public struct StepOutput: Sendable, Equatable {
        /// The number of the segment, starting at 1.
        public var step: Int
        /// The most likely token of each cell, `[S]`.
        public var tokens: [Int32]
        /// True if the tokens equal those of the preceding segment; false after the first one.
        public var isUnchanged: Bool
        /// The "halt" logit; if positive, the model considers its answer correct.
        public var qHalt: Float
        /// The "continue" logit.
        public var qContinue: Float

        /// The model's estimated probability that the answer is correct.
        public var confidence: Double { QLoss.sigmoid(Double(qHalt)) }
    }

    private let model: HierarchicalReasoningModel
    private let engine: ReasoningEngine

    /// Creates a reasoner for one puzzle at a time.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - workers: The threads that share the puzzle; their number affects only the time.
    public init(model: HierarchicalReasoningModel, workers: Workers = .available) {
        self.model = model
        engine = ReasoningEngine(
            model: model, batchSize: 1, workers: workers, training: false)
    }

    /// Runs segments on a puzzle.
    ///
    /// - Parameters:
    ///   - tokens: The puzzle, `[S]`.
    ///   - puzzleIdentifier: The row of the puzzle embedding; 0 where there are no identifiers.
    ///   - maxSteps: Segments at most; as many as in training unless given.
    ///   - isDone: Whether a thought is to be the last one, before that.
    /// - Returns: One thought a segment; the last one has the answer.
    /// - Throws: `NonFiniteOutput` when the model's results are no numbers.
    /// - Precondition: The tokens are as many as the model's, and in its vocabulary.
    public func solve(
        tokens: [Int32], puzzleIdentifier: Int32 = 0, maxSteps: Int? = nil,
        until isDone: (StepOutput) -> Bool = { _ in false }
    ) throws(NonFiniteOutput) -> [StepOutput] {
        let ignored = Array(repeating: TokenLoss.ignoredLabel, count: tokens.count)
        var carry = Carry(batchSize: 1, model: model)
        carry.refill(
            from: TokenBatch(
                inputs: tokens, labels: ignored, puzzleIdentifiers: [puzzleIdentifier]),
            model: model)
        let maxSteps = maxSteps ?? model.configuration.haltMaxSteps
        var thoughts: [StepOutput] = []
        repeat {
            let outcomes = engine.evaluationStep(&carry, maxSteps: maxSteps)
            try engine.requireFinite(first: 1)
            let answer = engine.predictions(of: 0)
            thoughts.append(
                StepOutput(
                    step: thoughts.count + 1, tokens: answer,
                    isUnchanged: answer == thoughts.last?.tokens, qHalt: outcomes[0].qHalt,
                    qContinue: outcomes[0].qContinue))
        } while !isDone(thoughts[thoughts.count - 1]) && thoughts.count < maxSteps
        return thoughts
    }
}

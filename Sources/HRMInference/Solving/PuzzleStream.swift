public import HRMData
public import HRMEngine
import HRMModel
public import HRMTensor

/// Solves a stream of puzzles concurrently and returns the solutions in order.
///
/// A slot of the batch is refilled as soon as its attempt ends, so that easy puzzles cost little. A
/// puzzle's answer depends only on the puzzle, the plan and the seed, not on the number of slots,
/// the other puzzles or its position.
public struct PuzzleStream {
    /// A puzzle as tokens.
    public struct Question: Sendable, Hashable {
        /// The puzzle, `[S]`.
        public var tokens: [Int32]
        /// The row of the puzzle embedding; 0 for data without identifiers.
        public var identifier: Int32

        /// Creates a question from its tokens and identifier.
        public init(tokens: [Int32], identifier: Int32 = 0) {
            self.tokens = tokens
            self.identifier = identifier
        }

        /// Creates a question from a checked puzzle.
        public init(_ puzzle: PuzzleQuestion) {
            self.init(tokens: puzzle.tokens, identifier: puzzle.identifier)
        }
    }

    /// Returns whether an answer to a question is correct; both have shape `[S]`.
    public typealias Checker = @Sendable (_ question: [Int32], _ answer: [Int32]) -> Bool

    private let task: PuzzleTask?
    private let plan: InferenceOptions
    private let checker: Checker?
    private let stopsAtValid: Bool
    private let earlySteps: Int?
    private var batch: ContinuousBatch

    /// Creates a stream.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - task: The task of the model, whose symmetries serve for voting; nil for none.
    ///   - plan: The number and length of attempts.
    ///   - slots: The number of concurrent attempts; it affects memory and speed, not answers.
    ///   - workers: The worker threads.
    ///   - checker: Checks the answer after every segment; accepted answers are reported separately
    ///     from the model's own answers.
    ///   - stopsAtValid: True to stop a puzzle as soon as the checker accepts an answer. The
    ///     model's own answer is then chosen from the attempts up to the one with the valid answer.
    ///   - earlySteps: The segment of each puzzle's first attempt whose answer is kept in addition
    ///     to the final one; nil for none.
    public init(
        model: HierarchicalReasoningModel, task: PuzzleTask?, plan: InferenceOptions, slots: Int,
        workers: Workers, checker: Checker? = nil, stopsAtValid: Bool = false,
        earlySteps: Int? = nil
    ) {
        self.init(
            engine: CPUEngine(model: model, slotCount: slots, workers: workers), task: task,
            plan: plan, checker: checker, stopsAtValid: stopsAtValid, earlySteps: earlySteps)
    }

    /// Creates a stream on an engine for inference; see
    /// ``init(model:task:plan:slots:workers:checker:stopsAtValid:earlySteps:)``.
    package init(
        engine: any Engine, task: PuzzleTask?, plan: InferenceOptions, checker: Checker? = nil,
        stopsAtValid: Bool = false, earlySteps: Int? = nil
    ) {
        self.task = task
        self.plan = plan
        self.checker = checker
        self.stopsAtValid = stopsAtValid
        self.earlySteps = earlySteps
        batch = ContinuousBatch(engine: engine)
    }

    /// Solves puzzles until there are none left.
    ///
    /// - Parameters:
    ///   - next: Returns the next puzzle; nil after the last one.
    ///   - answered: Called with the number of each puzzle, counting from 0, and its solution, in
    ///     order.
    /// - Throws: The errors of the closures; `NonFiniteOutput` if logits are not finite.
    public mutating func solve(
        next: () throws -> Question?,
        answered: (_ index: Int, PuzzleSolution) throws -> Void
    ) throws {
        try solve(supply: { _ in try next().map { .next($0) } ?? .end }, answered: answered)
    }

    /// Solves puzzles that arrive over time, until the source returns `.end`.
    ///
    /// - Parameters:
    ///   - supply: Returns what the source has. Its argument is true if no puzzle is in progress:
    ///     then it may wait until there is one; otherwise it must not, because puzzles are in
    ///     progress.
    ///   - onSegment: Called after each segment of the whole batch with the number of segments so
    ///     far.
    ///   - answered: Called with the number of each puzzle, counting from 0, and its solution, in
    ///     order.
    /// - Throws: The errors of the closures; `NonFiniteOutput` if logits are not finite.
    public mutating func solve(
        supply: (_ isIdle: Bool) throws -> Poll<Question>,
        onSegment: (_ segments: Int) -> Void = { _ in },
        answered: (_ index: Int, PuzzleSolution) throws -> Void
    ) throws {
        let open = SolveQueue(plan: plan, task: task, earlySteps: earlySteps)
        var hasMore = true
        let engine = batch.engine
        var segments = 0
        try batch.run { isIdle in
            if let attempt = open.nextAttempt() { return .next(attempt) }
            if hasMore {
                switch try supply(isIdle) {
                case .next(let question):
                    open.add(question)
                    return open.nextAttempt().map { .next($0) } ?? .pending
                case .pending: return .pending
                case .end: hasMore = false
                }
            }
            // A puzzle in progress may still need another attempt.
            return isIdle ? .end : .pending
        } onBatch: {
            segments += 1
            onSegment(segments)
            return .proceed
        } onSegment: { progress in
            guard progress.isFinite else { throw engine.nonFiniteOutput }
            let decision = open.take(progress, checker: checker, stopsAtValid: stopsAtValid)
            while let done = open.nextAnswered() { try answered(done.index, done.solution) }
            return decision
        }
    }
}

public import HRMData
public import HRMModel
public import HRMTensor

/// Solves one puzzle after the other, many at the same time, in the order in which they come.
///
/// A slot of the batch that an attempt leaves is taken by the next one, so that easy puzzles cost
/// little. A puzzle's answer depends on the puzzle, the plan and its seed alone: neither on the number of
/// slots, nor on the other puzzles, nor on its place among them.
public struct PuzzleStream {
    /// A puzzle in the model's terms.
    public struct Question: Sendable, Hashable {
        /// The puzzle, `[S]`.
        public var tokens: [Int32]
        /// The row of the puzzle embedding; 0 where there are no identifiers.
        public var identifier: Int32

        /// A puzzle.
        public init(tokens: [Int32], identifier: Int32 = 0) {
            self.tokens = tokens
            self.identifier = identifier
        }
    }

    /// Tells from a question and an answer, `[S]` each, whether the answer is right.
    public typealias Checker = @Sendable (_ question: [Int32], _ answer: [Int32]) -> Bool

    private let task: PuzzleTask?
    private let plan: ThinkingPlan
    private let checker: Checker?
    private let stopsAtValid: Bool
    private let earlySteps: Int?
    private var batch: ContinuousBatch

    /// A stream.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - task: What it solves; without it there are no symmetries to vote over.
    ///   - plan: How much thought each puzzle gets.
    ///   - slots: Attempts at the same time; decides memory and speed, not answers.
    ///   - workers: Threads.
    ///   - checker: Looks at the answer after every segment; its finds are told apart from the
    ///     model's answers.
    ///   - stopsAtValid: Whether a puzzle is left as soon as the checker accepts an answer. The
    ///     model's own answer is then chosen from the attempts up to the one with the valid answer.
    ///   - earlySteps: The segment of each puzzle's first attempt whose answer the solution keeps beside
    ///     its own; none unless given.
    public init(
        model: HierarchicalReasoningModel, task: PuzzleTask?, plan: ThinkingPlan, slots: Int,
        workers: Workers, checker: Checker? = nil, stopsAtValid: Bool = false,
        earlySteps: Int? = nil
    ) {
        self.task = task
        self.plan = plan
        self.checker = checker
        self.stopsAtValid = stopsAtValid
        self.earlySteps = earlySteps
        batch = ContinuousBatch(model: model, slots: slots, workers: workers)
    }

    /// Solves puzzles until there are none left.
    ///
    /// - Parameters:
    ///   - next: The next puzzle; nil when there will be none any more.
    ///   - answered: Given the number of each puzzle, counting from 0, and its solution, in order.
    /// - Throws: What the closures throw; `NonFiniteOutput` when the model's results are no numbers.
    public mutating func solve(
        next: () throws -> Question?,
        answered: (_ index: Int, PuzzleSolution) throws -> Void
    ) throws {
        try solve(supply: { _ in try next().map { .next($0) } ?? .end }, answered: answered)
    }

    /// Solves puzzles that come in their own time, until the source says that there are no more.
    ///
    /// - Parameters:
    ///   - supply: What the source has. It is told whether nothing is being thought about: then it
    ///     may wait until there is something; else it must not, for other puzzles are waiting.
    ///   - onSegment: Told after each segment of the whole batch how many there have been.
    ///   - answered: Given the number of each puzzle, counting from 0, and its solution, in order.
    /// - Throws: What the closures throw; `NonFiniteOutput` when the model's results are no numbers.
    public mutating func solve(
        supply: (_ isIdle: Bool) throws -> Supply<Question>,
        onSegment: (_ segments: Int) -> Void = { _ in },
        answered: (_ index: Int, PuzzleSolution) throws -> Void
    ) throws {
        let open = OpenPuzzles(plan: plan, task: task, earlySteps: earlySteps)
        var hasMore = true
        let engine = batch.engine
        var segments = 0
        try batch.run { isIdle in
            if let attempt = open.nextAttempt() { return .next(attempt) }
            if hasMore {
                switch try supply(isIdle) {
                case .next(let question):
                    open.add(question)
                    return open.nextAttempt().map { .next($0) } ?? .nothingYet
                case .nothingYet: return .nothingYet
                case .end: hasMore = false
                }
            }
            // A puzzle that is still thought about may want to begin again.
            return isIdle ? .end : .nothingYet
        } onBatch: {
            segments += 1
            onSegment(segments)
        } onSegment: { progress in
            guard progress.isFinite else { throw engine.nonFiniteOutput }
            let decision = open.take(progress, checker: checker, stopsAtValid: stopsAtValid)
            while let done = open.nextAnswered() { try answered(done.index, done.solution) }
            return decision
        }
    }
}

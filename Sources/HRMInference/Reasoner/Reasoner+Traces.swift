package import HRMData
import HRMEngine

extension Reasoner {
    /// The number of unread steps at which a stream ends, since its reader is too slow.
    private static let mostUnreadSteps = 4096

    /// Solves checked puzzles concurrently.
    ///
    /// - Parameters:
    ///   - puzzles: The puzzles.
    ///   - plan: The plan; the reasoner's ``plan`` if nil.
    ///   - checker: Ends a puzzle as soon as it accepts an intermediate answer; nil for none.
    /// - Returns: An answer or an error for each puzzle, in order.
    package func answers(
        to puzzles: [PuzzleQuestion], plan: InferenceOptions? = nil,
        checker: PuzzleStream.Checker? = nil
    ) -> Solutions<Answer> {
        solutions(of: puzzles) { puzzle in
            let question = Question(puzzle)
            do throws(ReasonerError) {
                try self.check(question)
            } catch {
                return .failure(error)
            }
            let solution = await self.solution(of: question, plan: plan, checker: checker)
            return solution.map { $0.map { Answer($0, to: puzzle) } }
        }
    }

    /// Solves a puzzle and returns each thinking step with the changes of the states, as it is
    /// computed.
    ///
    /// The puzzle shares the batch with all others. The computation starts immediately, and ends
    /// early when the reading task is cancelled or stops reading.
    ///
    /// - Parameters:
    ///   - puzzle: The puzzle.
    ///   - plan: The plan, without votes and with one start; the reasoner's ``plan`` if nil.
    ///   - keepsOutputs: True to copy the model's outputs into each step.
    /// - Returns: The steps of all attempts, then the solution or an error. A stream whose reader is
    ///   thousands of steps behind ends without either.
    /// - Throws: ``ReasonerError`` if the question does not fit the model, or no thread could be
    ///   started.
    /// - Precondition: The plan has one vote and one start.
    package func traces(
        of puzzle: PuzzleQuestion, plan: InferenceOptions? = nil, keepsOutputs: Bool = false
    ) throws(ReasonerError) -> AsyncStream<TraceEvent> {
        let question = Question(puzzle)
        try check(question)
        let plan = plan ?? self.plan
        precondition(
            plan.votes == 1 && plan.starts == 1,
            "\(plan.votes) votes and \(plan.starts) starts, expected 1 and 1")
        let (events, continuation) = AsyncStream<TraceEvent>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.mostUnreadSteps))
        let cancellation = BatchScheduler.Cancellation()
        continuation.onTermination = { _ in cancellation.request() }
        let tracer = BatchScheduler.Tracer(
            question: question.tokens, keepsOutputs: keepsOutputs,
            report: {
                if case .dropped = continuation.yield(.step($0)) { continuation.finish() }
            })
        let isAccepted = scheduler.submit(
            .init(
                attempts: SolveJob(at: question, plan: plan, task: task),
                cancellation: cancellation, tracer: tracer,
                finish: { result in
                    switch result {
                    case .success(let solution): continuation.yield(.solution(solution))
                    case .failure(let error): continuation.yield(.failure(error))
                    case nil: break
                    }
                    continuation.finish()
                }))
        guard isAccepted else { throw .noThread }
        return events
    }
}

import HRMData

/// The puzzles of a stream that are in progress, or wait for an earlier one.
final class SolveQueue {
    private let plan: InferenceOptions
    private let task: PuzzleTask?
    private let earlySteps: Int?
    private var puzzles: [Int: SolveJob] = [:]
    /// The puzzles that may need another attempt, in round-robin order.
    private var turns: ArraySlice<Int> = []
    private var solutions: [Int: PuzzleSolution] = [:]
    private var added = 0
    private var answered = 0

    init(plan: InferenceOptions, task: PuzzleTask?, earlySteps: Int?) {
        self.plan = plan
        self.task = task
        self.earlySteps = earlySteps
    }

    func add(_ question: PuzzleStream.Question) {
        puzzles[added] = SolveJob(
            at: question, plan: plan, task: task, earlySteps: earlySteps)
        turns.append(added)
        added += 1
    }

    /// Returns the next attempt at any puzzle; nil if none can start before others end.
    func nextAttempt() -> ContinuousBatch.Attempt? {
        while let number = turns.first {
            if let attempt = puzzles[number]?.next(of: number) { return attempt }
            turns.removeFirst()
        }
        return nil
    }

    /// Records the state of an attempt after a segment.
    func take(
        _ progress: ContinuousBatch.Progress,
        checker: PuzzleStream.Checker?, stopsAtValid: Bool
    ) -> ContinuousBatch.Decision {
        let number = progress.key.puzzle
        // Another attempt may already have solved the puzzle.
        guard
            let decision = puzzles[number]?.take(
                progress, checker: checker, stopsAtValid: stopsAtValid)
        else { return .stop }
        if let solution = puzzles[number]?.solution {
            puzzles[number] = nil
            solutions[number] = solution
        } else if decision == .stop {
            turns.append(number)
        }
        return decision
    }

    /// Returns the solution of the next puzzle in order; nil if it is not finished.
    func nextAnswered() -> (index: Int, solution: PuzzleSolution)? {
        guard let solution = solutions.removeValue(forKey: answered) else { return nil }
        answered += 1
        return (answered - 1, solution)
    }
}

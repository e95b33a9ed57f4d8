import HRMData

/// The puzzles of a stream that are being worked on, or wait for one before them.
final class OpenPuzzles {
    private let plan: ThinkingPlan
    private let task: PuzzleTask?
    private let earlySteps: Int?
    private var puzzles: [Int: PuzzleAttempts] = [:]
    /// Those that may want another attempt, in the order in which they get it.
    private var turns: ArraySlice<Int> = []
    private var solutions: [Int: PuzzleSolution] = [:]
    private var added = 0
    private var answered = 0

    init(plan: ThinkingPlan, task: PuzzleTask?, earlySteps: Int?) {
        self.plan = plan
        self.task = task
        self.earlySteps = earlySteps
    }

    func add(_ question: PuzzleStream.Question) {
        puzzles[added] = PuzzleAttempts(
            at: question, plan: plan, task: task, earlySteps: earlySteps)
        turns.append(added)
        added += 1
    }

    /// The next attempt at any puzzle; nil when there is none before others are over.
    func nextAttempt() -> ContinuousBatch.Attempt? {
        while let number = turns.first {
            if let attempt = puzzles[number]?.next(of: number) { return attempt }
            turns.removeFirst()
        }
        return nil
    }

    /// Takes in what an attempt came to after a segment.
    func take(
        _ progress: ContinuousBatch.Progress,
        checker: PuzzleStream.Checker?, stopsAtValid: Bool
    ) -> ContinuousBatch.Decision {
        let number = progress.key.puzzle
        // A sibling may have answered it, and the puzzle is gone.
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

    /// The solution of the next puzzle in order, if there is one by now.
    func nextAnswered() -> (index: Int, solution: PuzzleSolution)? {
        guard let solution = solutions.removeValue(forKey: answered) else { return nil }
        answered += 1
        return (answered - 1, solution)
    }
}

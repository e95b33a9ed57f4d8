import HRMData
import HRMModel
import HRMTensor

/// The puzzles of a stream that are being worked on, or wait for one before them.
final class OpenPuzzles {
    private struct Puzzle {
        var question: PuzzleStream.Question
        /// The images of the puzzle, itself first.
        var symmetries: [TokenSymmetry?]
        /// Attempts begun so far.
        var begun = 0
        /// Attempts that are over.
        var ended = 0
        /// One group an image.
        var outcomes: [[AttemptOutcome]]
        var firstValid: [Int32]?
        var totalSteps = 0
        /// Set when no further attempt is wanted.
        var isSettled = false
    }

    private let plan: ThinkingPlan
    private let task: PuzzleTask?
    private var puzzles: [Int: Puzzle] = [:]
    private var solutions: [Int: PuzzleSolution] = [:]
    private var added = 0
    private var answered = 0

    /// How often a symmetry is drawn that is not among those before, until there seems to be none.
    private static let patience = 64

    init(plan: ThinkingPlan, task: PuzzleTask?) {
        self.plan = plan
        self.task = task
    }

    func add(_ question: PuzzleStream.Question) {
        let symmetries = symmetries(for: question, number: added)
        puzzles[added] = Puzzle(
            question: question, symmetries: symmetries,
            outcomes: Array(repeating: [], count: symmetries.count))
        added += 1
    }

    /// The next attempt at the newest puzzle; nil when all are begun.
    func nextAttempt() -> ContinuousBatch.Attempt? {
        let number = added - 1
        guard var puzzle = puzzles[number], !puzzle.isSettled,
            puzzle.begun < puzzle.symmetries.count * plan.starts
        else { return nil }
        let attempt = puzzle.begun
        puzzle.begun += 1
        puzzles[number] = puzzle
        let tokens = puzzle.question.tokens
        let start = attempt % plan.starts
        return ContinuousBatch.Attempt(
            key: number * plan.attempts + attempt,
            tokens: puzzle.symmetries[attempt / plan.starts]?.applied(to: tokens) ?? tokens,
            identifier: puzzle.question.identifier,
            noise: start == 0
                ? nil
                : (plan.noise, generator(of: number, purpose: UInt64(attempt + 1))))
    }

    /// Takes in what an attempt came to after a segment.
    func take(
        _ progress: ContinuousBatch.Progress, answer: () -> [Int32],
        checker: PuzzleStream.Checker?, stopsAtValid: Bool
    ) -> ContinuousBatch.Decision {
        let number = progress.key / plan.attempts
        let group = progress.key % plan.attempts / plan.starts
        // A sibling has settled the matter, and the puzzle may be gone already.
        guard var puzzle = puzzles[number] else { return .stop }
        puzzle.totalSteps += 1
        var isOver = progress.isLast || puzzle.isSettled
        var tokens: [Int32]?
        if isOver || checker != nil {
            let image = answer()
            tokens = puzzle.symmetries[group]?.undone(from: image) ?? image
        }
        if let checker, let tokens, puzzle.firstValid == nil,
            checker(puzzle.question.tokens, tokens)
        {
            puzzle.firstValid = tokens
            puzzle.isSettled = stopsAtValid
            isOver = isOver || stopsAtValid
        }
        if isOver, let tokens {
            puzzle.ended += 1
            puzzle.outcomes[group].append(
                AttemptOutcome(
                    tokens: tokens, qHalt: progress.qHalt, steps: progress.steps,
                    hasHalted: progress.hasHalted))
        }
        let wanted = puzzle.isSettled ? 1 : puzzle.symmetries.count * plan.starts
        if puzzle.ended >= wanted {
            puzzles[number] = nil
            solutions[number] = PuzzleSolution(
                choosingFrom: puzzle.outcomes.filter { !$0.isEmpty },
                firstValid: puzzle.firstValid, totalSteps: puzzle.totalSteps)
        } else {
            puzzles[number] = puzzle
        }
        return isOver ? .stop : .goOn
    }

    /// The solution of the next puzzle in order, if there is one by now.
    func nextAnswered() -> (index: Int, solution: PuzzleSolution)? {
        guard let solution = solutions.removeValue(forKey: answered) else { return nil }
        answered += 1
        return (answered - 1, solution)
    }

    private func symmetries(
        for question: PuzzleStream.Question, number: Int
    ) -> [TokenSymmetry?] {
        guard plan.votes > 1, let task, task.hasSymmetries else { return [nil] }
        var generator = generator(of: number, purpose: 0)
        var seen: Set<TokenSymmetry> = [
            .identity(cells: task.sequenceLength, tokens: task.vocabularySize)
        ]
        var symmetries: [TokenSymmetry?] = [nil]
        var misses = 0
        while symmetries.count < plan.votes, misses < Self.patience {
            let symmetry = task.symmetry(of: question.tokens, using: &generator)
            if seen.insert(symmetry).inserted {
                symmetries.append(symmetry)
            } else {
                misses += 1
            }
        }
        return symmetries
    }

    /// Random numbers of one puzzle for one purpose, whatever else is drawn.
    private func generator(of number: Int, purpose: UInt64) -> SeededGenerator {
        var streams = SeededGenerator(seed: plan.seed, stream: UInt64(number))
        return SeededGenerator(seed: streams.next(), stream: purpose)
    }
}

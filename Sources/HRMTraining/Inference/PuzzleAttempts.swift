import HRMData
import HRMModel
import HRMTensor

/// All attempts at one puzzle: what is to be tried, and what came of what was.
struct PuzzleAttempts {
    private let question: PuzzleStream.Question
    private let number: Int
    private let plan: ThinkingPlan
    /// The images of the puzzle, itself first.
    private let symmetries: [TokenSymmetry?]
    private var begun = 0
    private var ended = 0
    /// One group an image.
    private var outcomes: [[AttemptOutcome]]
    private var firstValid: [Int32]?
    private var totalSteps = 0
    /// Set when no further attempt is wanted.
    private var isSettled = false

    /// How often a symmetry is drawn that is not among those before, until there seems to be none.
    private static let patience = 64

    /// Attempts at a puzzle.
    ///
    /// - Parameters:
    ///   - question: The puzzle.
    ///   - number: Its place among the caller's puzzles; with the plan's seed it decides symmetries
    ///     and noise.
    ///   - plan: How much thought it gets.
    ///   - task: What knows the symmetries, if anything does.
    init(
        at question: PuzzleStream.Question, number: Int, plan: ThinkingPlan, task: PuzzleTask?
    ) {
        self.question = question
        self.number = number
        self.plan = plan
        symmetries = Self.symmetries(of: question, number: number, plan: plan, task: task)
        outcomes = Array(repeating: [], count: symmetries.count)
    }

    /// The next attempt.
    ///
    /// - Parameter puzzle: What the caller knows the puzzle by.
    /// - Returns: The attempt; nil when no further one is wanted.
    mutating func next(of puzzle: Int) -> ContinuousBatch.Attempt? {
        guard !isSettled, begun < symmetries.count * plan.starts else { return nil }
        let attempt = begun
        begun += 1
        let start = attempt % plan.starts
        return ContinuousBatch.Attempt(
            key: .init(puzzle: puzzle, attempt: attempt),
            tokens: symmetries[attempt / plan.starts]?.applied(to: question.tokens)
                ?? question.tokens,
            identifier: question.identifier,
            noise: start == 0
                ? nil
                : (
                    plan.noise,
                    Self.generator(of: number, purpose: UInt64(attempt + 1), plan: plan)
                ),
            maxSteps: plan.maxSteps, halting: plan.halting)
    }

    /// Takes in what an attempt came to after a segment.
    ///
    /// - Parameters:
    ///   - progress: What it came to.
    ///   - checker: Looks at the answer in the puzzle's own frame.
    ///   - stopsAtValid: Whether nothing more is wanted once the checker has accepted an answer.
    ///   - observer: Shown the attempt's thought, in the puzzle's own frame.
    /// - Returns: Whether the attempt goes on.
    mutating func take(
        _ progress: ContinuousBatch.Progress, checker: PuzzleStream.Checker?, stopsAtValid: Bool,
        observer: ((PuzzleReasoner.Thought) -> Void)? = nil
    ) -> ContinuousBatch.Decision {
        let group = progress.key.attempt / plan.starts
        totalSteps += 1
        var isOver = progress.isLast || isSettled
        guard isOver || checker != nil || observer != nil else { return .goOn }
        let tokens = symmetries[group]?.undone(from: progress.answer) ?? progress.answer
        observer?(
            PuzzleReasoner.Thought(
                step: progress.steps, tokens: tokens, isUnchanged: progress.isUnchanged,
                qHalt: progress.qHalt, qContinue: progress.qContinue))
        if let checker, firstValid == nil, checker(question.tokens, tokens) {
            firstValid = tokens
            isSettled = stopsAtValid
            isOver = isOver || stopsAtValid
        }
        guard isOver else { return .goOn }
        ended += 1
        outcomes[group].append(
            AttemptOutcome(
                tokens: tokens, qHalt: progress.qHalt, steps: progress.steps,
                hasHalted: progress.hasHalted))
        return .stop
    }

    /// What came of the puzzle; nil while more attempts are wanted.
    var solution: PuzzleSolution? {
        let wanted = isSettled ? 1 : symmetries.count * plan.starts
        guard ended >= wanted else { return nil }
        return PuzzleSolution(
            choosingFrom: outcomes.filter { !$0.isEmpty }, firstValid: firstValid,
            totalSteps: totalSteps)
    }

    private static func symmetries(
        of question: PuzzleStream.Question, number: Int, plan: ThinkingPlan, task: PuzzleTask?
    ) -> [TokenSymmetry?] {
        guard plan.votes > 1, let task, task.hasSymmetries else { return [nil] }
        var generator = generator(of: number, purpose: 0, plan: plan)
        var seen: Set<TokenSymmetry> = [
            .identity(cells: task.sequenceLength, tokens: task.vocabularySize)
        ]
        var symmetries: [TokenSymmetry?] = [nil]
        var misses = 0
        while symmetries.count < plan.votes, misses < patience {
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
    private static func generator(
        of number: Int, purpose: UInt64, plan: ThinkingPlan
    ) -> SeededGenerator {
        var streams = SeededGenerator(seed: plan.seed, stream: UInt64(number))
        return SeededGenerator(seed: streams.next(), stream: purpose)
    }
}

import HRMData
import HRMModel
import HRMTensor

/// All attempts at one puzzle: what is to be tried, and what came of what was.
struct PuzzleAttempts {
    private let question: PuzzleStream.Question
    private let number: Int
    private let plan: ThinkingPlan
    /// The images of the puzzle, itself first.
    private var images: [Image]
    /// Images of which attempts go on or are wanted.
    private var openImages: Int
    private var firstValid: [Int32]?
    private var totalSteps = 0
    /// Set when no further attempt is wanted.
    private var isAnswered = false

    /// An image of the puzzle, and what came of the attempts at it.
    private struct Image {
        /// Makes the image; nil for the puzzle itself.
        let symmetry: TokenSymmetry?
        var begun = 0
        var outcomes: [AttemptOutcome] = []

        /// Whether another attempt is wanted now: of restarts, when all before are over in vain.
        func wantsAttempt(_ plan: ThinkingPlan) -> Bool {
            if begun < plan.starts { return true }
            return begun < plan.attemptsPerImage && outcomes.count == begun
                && !outcomes.contains(where: \.hasHalted)
        }

        /// Whether all attempts are over, and no other is wanted.
        func isDone(_ plan: ThinkingPlan) -> Bool {
            outcomes.count == begun && !wantsAttempt(plan)
        }
    }

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
        images = Self.symmetries(of: question, number: number, plan: plan, task: task)
            .map { Image(symmetry: $0) }
        openImages = images.count
    }

    /// The next attempt.
    ///
    /// - Parameter puzzle: What the caller knows the puzzle by.
    /// - Returns: The attempt; nil when none is wanted before others are over.
    mutating func next(of puzzle: Int) -> ContinuousBatch.Attempt? {
        guard !isAnswered, let place = images.firstIndex(where: { $0.wantsAttempt(plan) })
        else { return nil }
        let start = images[place].begun
        let attempt = place * plan.attemptsPerImage + start
        images[place].begun += 1
        return ContinuousBatch.Attempt(
            key: .init(puzzle: puzzle, attempt: attempt),
            tokens: images[place].symmetry?.applied(to: question.tokens) ?? question.tokens,
            identifier: question.identifier,
            noise: start == 0
                ? nil
                : (
                    plan.noise,
                    // However many attempts there may be, each has its own.
                    Self.generator(
                        of: number, purpose: UInt64(place) << 32 + UInt64(start + 1),
                        plan: plan)
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
        let place = progress.key.attempt / plan.attemptsPerImage
        totalSteps += 1
        var isOver = progress.isLast || isAnswered
        guard isOver || checker != nil || observer != nil else { return .goOn }
        let tokens =
            images[place].symmetry?.undone(from: progress.answer) ?? progress.answer
        observer?(
            PuzzleReasoner.Thought(
                step: progress.steps, tokens: tokens, isUnchanged: progress.isUnchanged,
                qHalt: progress.qHalt, qContinue: progress.qContinue))
        if let checker, firstValid == nil, checker(question.tokens, tokens) {
            firstValid = tokens
            isAnswered = stopsAtValid
            isOver = isOver || stopsAtValid
        }
        guard isOver else { return .goOn }
        images[place].outcomes.append(
            AttemptOutcome(
                tokens: tokens, qHalt: progress.qHalt, steps: progress.steps,
                hasHalted: progress.hasHalted))
        if images[place].isDone(plan) { openImages -= 1 }
        return .stop
    }

    /// What came of the puzzle; nil while more attempts are wanted.
    var solution: PuzzleSolution? {
        guard isAnswered || openImages == 0 else { return nil }
        return PuzzleSolution(
            choosingFrom: images.map(\.outcomes).filter { !$0.isEmpty }, firstValid: firstValid,
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

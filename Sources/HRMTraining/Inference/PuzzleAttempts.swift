import HRMData
import HRMModel
import HRMTensor

/// The pending and finished attempts at one puzzle.
///
/// Attempts are numbered image by image. Whatever order they end in, the solution is the one of
/// attempts that are made one after the other by their numbers.
struct PuzzleAttempts {
    private let question: PuzzleStream.Question
    private let plan: ThinkingPlan
    /// The segment of the first attempt whose answer the solution keeps beside its own.
    private let earlySteps: Int?
    /// The images of the puzzle, itself first.
    private var images: [Image]
    /// Images of which attempts go on or are wanted.
    private var openImages: Int
    /// The answer that the checker accepted, of the attempt with the lowest number that has one.
    private var valid: (attempt: Int, tokens: [Int32])?
    /// The attempt after which no other is wanted, once a checker has ended the search.
    private var last: Int?
    private var earlyTokens: [Int32]?

    /// An image of the puzzle with the finished attempts at it.
    private struct Image {
        /// Makes the image; nil for the puzzle itself.
        let symmetry: TokenSymmetry?
        var begun = 0
        /// By the number of the attempt within the image.
        var outcomes: [Int: AttemptOutcome] = [:]

        /// Whether another attempt is wanted now: of restarts, when all before are over in vain.
        func wantsAttempt(_ plan: ThinkingPlan) -> Bool {
            if begun < plan.starts { return true }
            return begun < plan.attemptsPerImage && outcomes.count == begun
                && !outcomes.values.contains(where: \.hasHalted)
        }

        /// Whether all attempts are over, and no other is wanted.
        func isDone(_ plan: ThinkingPlan) -> Bool {
            outcomes.count == begun && !wantsAttempt(plan)
        }

        /// The outcomes of the first `count` attempts, in the order of the attempts.
        func outcomes(ofFirst count: Int) -> [AttemptOutcome] {
            outcomes.keys.filter { $0 < count }.sorted().compactMap { outcomes[$0] }
        }
    }

    /// How often a symmetry is drawn that is not among those before, until there seems to be none.
    private static let patience = 64

    /// Attempts at a puzzle.
    ///
    /// - Parameters:
    ///   - question: The puzzle; with the plan's seed it decides symmetries and noise.
    ///   - plan: How much thought it gets.
    ///   - task: The task that knows the symmetries, if there is one.
    ///   - earlySteps: The segment of the first attempt whose answer is kept; none unless given.
    init(
        at question: PuzzleStream.Question, plan: ThinkingPlan, task: PuzzleTask?,
        earlySteps: Int? = nil
    ) {
        self.question = question
        self.plan = plan
        self.earlySteps = earlySteps
        images = Self.symmetries(of: question, plan: plan, task: task)
            .map { Image(symmetry: $0) }
        openImages = images.count
    }

    /// The next attempt.
    ///
    /// - Parameter puzzle: The caller's number of the puzzle.
    /// - Returns: The attempt; nil when none is wanted before others are over.
    mutating func next(of puzzle: Int) -> ContinuousBatch.Attempt? {
        guard let place = images.firstIndex(where: { $0.wantsAttempt(plan) }) else { return nil }
        let start = images[place].begun
        let attempt = place * plan.attemptsPerImage + start
        guard attempt < last ?? .max else { return nil }
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
                    SeededGenerator(
                        solving: question, seed: plan.seed,
                        purpose: UInt64(place) << 32 + UInt64(start + 1))
                ),
            maxSteps: plan.maxSteps, halting: plan.halting)
    }

    /// Records the state of an attempt after a segment.
    ///
    /// - Parameters:
    ///   - progress: The attempt's answer and Q logits.
    ///   - checker: Looks at the answer in the puzzle's own frame.
    ///   - stopsAtValid: Whether nothing more is wanted once the checker has accepted an answer.
    ///   - observer: Shown the attempt's thought, in the puzzle's own frame.
    /// - Returns: Whether the attempt goes on.
    mutating func take(
        _ progress: ContinuousBatch.Progress, checker: PuzzleStream.Checker?, stopsAtValid: Bool,
        observer: ((PuzzleReasoner.Thought) -> Void)? = nil
    ) -> ContinuousBatch.Decision {
        let attempt = progress.key.attempt
        // An attempt before it has a valid answer already.
        if attempt > last ?? .max { return .stop }
        let (place, start) = attempt.quotientAndRemainder(dividingBy: plan.attemptsPerImage)
        let isEarly = attempt == 0 && progress.steps == earlySteps
        var isOver = progress.isLast
        guard isOver || isEarly || checker != nil || observer != nil else { return .goOn }
        let tokens =
            images[place].symmetry?.undone(from: progress.answer) ?? progress.answer
        observer?(
            PuzzleReasoner.Thought(
                step: progress.steps, tokens: tokens, isUnchanged: progress.isUnchanged,
                qHalt: progress.qHalt, qContinue: progress.qContinue))
        if let checker, attempt < valid?.attempt ?? .max, checker(question.tokens, tokens) {
            valid = (attempt, tokens)
            if stopsAtValid {
                last = attempt
                isOver = true
            }
        }
        if isEarly || isOver && attempt == 0 && earlySteps != nil && earlyTokens == nil {
            earlyTokens = tokens
        }
        guard isOver else { return .goOn }
        images[place].outcomes[start] = AttemptOutcome(
            tokens: tokens, qHalt: progress.qHalt, steps: progress.steps,
            hasHalted: progress.hasHalted)
        if images[place].isDone(plan) { openImages -= 1 }
        return .stop
    }

    /// The solution of the puzzle; nil while more attempts are wanted.
    var solution: PuzzleSolution? {
        guard isComplete else { return nil }
        let count = last.map { $0 + 1 } ?? .max
        let outcomes = images.indices.map { place in
            images[place].outcomes(ofFirst: count - place * plan.attemptsPerImage)
        }
        var solution = PuzzleSolution(
            choosingFrom: outcomes.filter { !$0.isEmpty }, firstValid: valid?.tokens,
            totalSteps: outcomes.joined().reduce(0) { $0 + $1.steps })
        solution.earlyTokens = earlyTokens
        return solution
    }

    /// Whether no attempt that counts is pending.
    private var isComplete: Bool {
        guard let last else { return openImages == 0 }
        let (place, start) = last.quotientAndRemainder(dividingBy: plan.attemptsPerImage)
        return images[..<place].allSatisfy { $0.isDone(plan) }
            && (0...start).allSatisfy { images[place].outcomes[$0] != nil }
    }

    private static func symmetries(
        of question: PuzzleStream.Question, plan: ThinkingPlan, task: PuzzleTask?
    ) -> [TokenSymmetry?] {
        guard plan.votes > 1, let task, task.hasSymmetries else { return [nil] }
        var generator = SeededGenerator(solving: question, seed: plan.seed, purpose: 0)
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
}

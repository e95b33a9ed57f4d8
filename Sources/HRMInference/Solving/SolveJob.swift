import HRMData
import HRMModel
import HRMTensor

/// The pending and finished attempts at one puzzle.
///
/// Attempts are numbered image by image. The solution does not depend on the order in which they
/// finish: it is the one that sequential attempts would give.
struct SolveJob {
    private let question: PuzzleStream.Question
    private let plan: InferenceOptions
    /// The segment of the first attempt whose answer is kept in addition to the final one.
    private let earlySteps: Int?
    /// The images of the puzzle, beginning with the puzzle itself.
    private var images: [Image]
    /// The number of images with pending or further attempts.
    private var openImages: Int
    /// The answer that the checker accepted, from the lowest-numbered such attempt.
    private var valid: (attempt: Int, tokens: [Int32])?
    /// The last attempt that counts, once an accepted answer has ended the search.
    private var last: Int?
    private var earlyTokens: [Int32]?

    /// An image of the puzzle with its finished attempts.
    private struct Image {
        /// The symmetry that produces the image; nil for the puzzle itself.
        let symmetry: TokenSymmetry?
        var begun = 0
        /// Outcomes by the number of the attempt within the image.
        var outcomes: [Int: AttemptOutcome] = [:]

        /// Returns whether another attempt should start now; restarts do so only after all earlier
        /// attempts failed to halt.
        func wantsAttempt(_ plan: InferenceOptions) -> Bool {
            if begun < plan.starts { return true }
            return begun < plan.attemptsPerImage && outcomes.count == begun
                && !outcomes.values.contains(where: \.hasHalted)
        }

        /// Returns whether all attempts are finished and no other will start.
        func isDone(_ plan: InferenceOptions) -> Bool {
            outcomes.count == begun && !wantsAttempt(plan)
        }

        /// Returns the outcomes of the first `count` attempts, in order.
        func outcomes(ofFirst count: Int) -> [AttemptOutcome] {
            outcomes.keys.filter { $0 < count }.sorted().compactMap { outcomes[$0] }
        }
    }

    /// Distinguishes the generators of pins from those of noise.
    private static let pinPurpose: UInt64 = 1 << 63

    /// The number of draws after which no further distinct symmetry is expected.
    private static let patience = 64

    /// Creates the attempts at a puzzle.
    ///
    /// - Parameters:
    ///   - question: The puzzle; together with the plan's seed it determines symmetries and noise.
    ///   - plan: The number and length of attempts.
    ///   - task: The task with the symmetries, if known.
    ///   - earlySteps: The segment of the first attempt whose answer is kept; nil for none.
    init(
        at question: PuzzleStream.Question, plan: InferenceOptions, task: PuzzleTask?,
        earlySteps: Int? = nil
    ) {
        self.question = question
        self.plan = plan
        self.earlySteps = earlySteps
        images = Self.symmetries(of: question, plan: plan, task: task)
            .map { Image(symmetry: $0) }
        openImages = images.count
    }

    /// Starts the next attempt.
    ///
    /// - Parameter puzzle: The caller's number of the puzzle.
    /// - Returns: The attempt; nil if none can start before others end.
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
                    // Every attempt has a distinct generator, however many there are.
                    SeededGenerator(
                        solving: question, seed: plan.seed,
                        purpose: UInt64(place) << 32 + UInt64(start + 1))
                ),
            maxSteps: plan.maxSteps, halting: plan.halting, search: plan.search,
            pins: Self.pins(solving: question, seed: plan.seed, image: place, start: start))
    }

    /// Returns the generator of an attempt's pins.
    ///
    /// - Parameters:
    ///   - question: The puzzle.
    ///   - seed: The plan's seed.
    ///   - image: The number of the image.
    ///   - start: The number of the attempt at it.
    /// - Returns: The generator.
    static func pins(
        solving question: PuzzleStream.Question, seed: UInt64, image: Int = 0, start: Int = 0
    ) -> SeededGenerator {
        SeededGenerator(
            solving: question, seed: seed,
            purpose: pinPurpose + UInt64(image) << 32 + UInt64(start))
    }

    /// Records the state of an attempt after a segment.
    ///
    /// - Parameters:
    ///   - progress: The attempt's answer and Q logits.
    ///   - checker: Checks the answer in the puzzle's own orientation and symbols.
    ///   - stopsAtValid: True to stop once the checker has accepted an answer.
    ///   - observer: Called with the attempt's output in the puzzle's own orientation and symbols.
    /// - Returns: The decision whether the attempt continues.
    mutating func take(
        _ progress: ContinuousBatch.Progress, checker: PuzzleStream.Checker?, stopsAtValid: Bool,
        observer: ((StepOutput) -> Void)? = nil
    ) -> ContinuousBatch.Decision {
        let attempt = progress.key.attempt
        // An earlier attempt already has a valid answer.
        if attempt > last ?? .max { return .stop }
        let (place, start) = attempt.quotientAndRemainder(dividingBy: plan.attemptsPerImage)
        let isEarly = attempt == 0 && progress.steps == earlySteps
        var isOver = progress.isLast
        guard isOver || isEarly || checker != nil || observer != nil else { return .proceed }
        let tokens =
            images[place].symmetry?.undone(from: progress.answer) ?? progress.answer
        observer?(
            StepOutput(
                step: progress.steps, tokens: tokens, isUnchanged: progress.isUnchanged,
                qHalt: progress.qHalt, qContinue: progress.qContinue, event: progress.event))
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
        guard isOver else { return .proceed }
        images[place].outcomes[start] = AttemptOutcome(
            tokens: tokens, qHalt: progress.qHalt, steps: progress.steps,
            hasHalted: progress.hasHalted)
        if images[place].isDone(plan) { openImages -= 1 }
        return .stop
    }

    /// The solution of the puzzle; nil while attempts are pending.
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

    /// True if no attempt that counts is pending.
    private var isComplete: Bool {
        guard let last else { return openImages == 0 }
        let (place, start) = last.quotientAndRemainder(dividingBy: plan.attemptsPerImage)
        return images[..<place].allSatisfy { $0.isDone(plan) }
            && (0...start).allSatisfy { images[place].outcomes[$0] != nil }
    }

    private static func symmetries(
        of question: PuzzleStream.Question, plan: InferenceOptions, task: PuzzleTask?
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

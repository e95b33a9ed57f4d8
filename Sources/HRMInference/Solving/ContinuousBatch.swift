import HRMEngine
import HRMModel
import HRMTensor

/// The driver of the segment loop: refill free slots, run a segment, report each slot, free those
/// that are done.
///
/// Batching is continuous: a slot takes the next attempt as soon as it is free, without waiting for
/// the slowest one.
struct ContinuousBatch {
    /// One attempt at a puzzle.
    struct Attempt {
        /// The puzzle and the number of the attempt at it.
        var key: Key
        /// The puzzle, `[S]`.
        var tokens: [Int32]
        /// Its answer, `[S]`, for the losses of the outcomes; nil if unknown.
        var labels: [Int32]?
        /// The row of the puzzle embedding.
        var identifier: Int32
        /// The noise on the initial states; nil for none.
        var noise: (amplitude: Double, generator: SeededGenerator)?
        /// The maximum number of segments.
        var maxSteps: Int
        /// The rule for halting earlier.
        var halting = HaltingRule.never
        /// The choices of the search, of a model that reads candidates.
        var search = SearchOptions()
        /// Draws the pins of the search; nil to derive it from the puzzle.
        var pins: SeededGenerator?
    }

    /// The caller's identification of an attempt.
    struct Key: Hashable {
        /// The puzzle.
        var puzzle: Int
        /// The number of the attempt at the puzzle, starting at 0.
        var attempt = 0
    }

    /// The state of an attempt after a segment.
    struct Progress {
        /// The attempt's key.
        var key: Key
        /// The slot in which the segment ran.
        var slot: Int
        /// The results of the segment; they include losses if the attempt has labels.
        var outcome: SequenceOutcome
        /// The answer, `[S]`.
        var answer: [Int32]
        /// True if the answer equals that of the preceding segment.
        var isUnchanged: Bool
        /// True if all logits are finite; otherwise the answer means nothing.
        var isFinite: Bool
        /// True if the halting rule, not the maximum number of segments, ended the attempt.
        var hasHalted: Bool
        /// True if this was the last segment.
        var isLast: Bool
        /// The change of the search's state; nil of a model that reads tokens.
        var event: SearchEvent?
        /// The state of the search after the change; nil of a model that reads tokens.
        var search: SearchJob.State?

        /// The number of completed segments.
        var steps: Int { outcome.steps }
        /// The "halt" logit.
        var qHalt: Float { outcome.qHalt }
        /// The "continue" logit.
        var qContinue: Float { outcome.qContinue }
    }

    /// The caller's decision after a segment.
    enum Decision {
        case proceed
        /// Ends the attempt or, after a batch, all of them.
        case stop
    }

    let engine: any Engine
    private var carry: Carry
    /// The attempts in the first slots, each with its last answer; the remaining slots are free.
    private var attempts: [Open] = []

    /// An attempt in a slot.
    private struct Open {
        var attempt: Attempt
        /// The answer of the last segment.
        var answer: [Int32]?
        /// The search, of a model that reads candidates.
        var search: SearchJob?
    }

    init(engine: any Engine) {
        self.engine = engine
        carry = Carry(
            slotCount: engine.slotCount, dimensions: engine.dimensions,
            candidateSymbols: engine.configuration.candidateSymbols)
    }

    init(model: HierarchicalReasoningModel, slots: Int, workers: Workers) {
        self.init(engine: CPUEngine(model: model, slotCount: slots, workers: workers))
    }

    /// Runs attempts until there are none left.
    ///
    /// - Parameters:
    ///   - next: Returns what the source has. Its argument is true if all slots are free: then it
    ///     may wait until there is something; otherwise it must not, because attempts are in
    ///     progress.
    ///   - observer: Observes every segment, if given.
    ///   - onBatch: Called after each segment, after `onSegment` for all attempts; ends the run if
    ///     it returns `.stop`.
    ///   - onSegment: Called after each segment of each attempt, in the order of the slots.
    /// - Throws: The errors of the closures.
    mutating func run(
        next: (_ isIdle: Bool) throws -> Poll<Attempt>,
        observer: SegmentObserver? = nil,
        onBatch: () -> Decision = { .proceed },
        onSegment: (Progress) throws -> Decision
    ) rethrows {
        attempts = []
        var hasMore = true
        while hasMore || !attempts.isEmpty {
            filling: while hasMore, attempts.count < engine.slotCount {
                switch try next(attempts.isEmpty) {
                case .next(let attempt): begin(attempt)
                case .pending: break filling
                case .end: hasMore = false
                }
            }
            guard !attempts.isEmpty else { continue }
            let outcomes = engine.infer(
                &carry, first: attempts.count, maxSteps: .max, observer: observer)
            var isOver = [Bool](repeating: false, count: attempts.count)
            for (slot, outcome) in outcomes.enumerated() {
                let progress = progress(slot, outcome)
                attempts[slot].answer = progress.answer
                isOver[slot] = try onSegment(progress) == .stop || progress.isLast
            }
            free(isOver)
            if onBatch() == .stop { return }
        }
    }

    private mutating func progress(_ slot: Int, _ outcome: SequenceOutcome) -> Progress {
        if attempts[slot].search != nil { return searchProgress(slot, outcome) }
        let (attempt, before) = (attempts[slot].attempt, attempts[slot].answer)
        let answer = engine.predictions(of: slot)
        let halts = attempt.halting.halts(
            qHalt: outcome.qHalt, qContinue: outcome.qContinue, isUnchanged: answer == before)
        let isLast = halts || outcome.steps >= attempt.maxSteps
        var outcome = outcome
        // The engine does not know when an attempt ends.
        outcome.hasHalted = isLast
        return Progress(
            key: attempt.key, slot: slot, outcome: outcome, answer: answer,
            isUnchanged: answer == before,
            isFinite: outcome.qHalt.isFinite && outcome.qContinue.isFinite
                && engine.hasFiniteLogits(of: slot),
            hasHalted: halts, isLast: isLast)
    }

    /// Changes the state of a search after a segment.
    private mutating func searchProgress(_ slot: Int, _ outcome: SequenceOutcome) -> Progress {
        var open = attempts[slot]
        let isFinite = outcome.qHalt.isFinite && engine.hasFiniteLogits(of: slot)
        let event = engine.withLogits(of: slot) {
            open.search?.take($0, consistency: outcome.qHalt)
        }
        let sets = open.search?.sets.cells ?? []
        switch event {
        case .contradiction, .check: engine.begin(slot, noise: nil)
        default: break
        }
        carry.replaceInputs(of: slot, with: sets)
        let answer = open.search?.tokens ?? []
        let halts = event == .answer
        let isLast = halts || outcome.steps >= open.attempt.maxSteps
        var outcome = outcome
        outcome.hasHalted = isLast
        // Without an answer, no confidence either.
        if !halts { outcome.qHalt = min(outcome.qHalt, Self.abstention) }
        outcome.loss.score(answer, labels: open.attempt.labels ?? [], isAnswer: halts)
        defer { attempts[slot] = open }
        return Progress(
            key: open.attempt.key, slot: slot, outcome: outcome, answer: answer,
            isUnchanged: answer == open.answer, isFinite: isFinite, hasHalted: halts,
            isLast: isLast, event: event, search: open.search?.state)
    }

    /// The largest "halt" logit of a search without an answer.
    private static let abstention: Float = -8

    private mutating func begin(_ attempt: Attempt) {
        let slot = attempts.count
        let configuration = engine.configuration
        var options = attempt.search
        options.policy.thoughts = configuration.searchThoughts
        let search =
            configuration.readsCandidates
            ? SearchJob(
                attempt.tokens, options: options, symbols: configuration.symbolCount,
                vocabularySize: engine.dimensions.vocabularySize,
                generator: attempt.pins
                    ?? SolveJob.pins(
                        solving: .init(tokens: attempt.tokens, identifier: attempt.identifier),
                        seed: 0)) : nil
        carry.begin(
            slot, inputs: search?.sets.cells ?? attempt.tokens, labels: attempt.labels,
            identifier: attempt.identifier)
        let noise = attempt.noise.map { noise in
            var generator = noise.generator
            return StateNoise(
                amplitude: noise.amplitude, configuration: engine.configuration,
                dimensions: engine.dimensions, using: &generator)
        }
        engine.begin(slot, noise: noise)
        attempts.append(Open(attempt: attempt, search: search))
    }

    /// Compacts the batch, so that the free slots are the last ones.
    private mutating func free(_ isOver: [Bool]) {
        for slot in isOver.indices.reversed() where isOver[slot] {
            let last = attempts.count - 1
            if slot != last {
                carry.move(from: last, to: slot)
                engine.move(from: last, to: slot)
                attempts[slot] = attempts[last]
            }
            attempts.removeLast()
        }
    }
}

import HRMModel
import HRMTensor

/// A batch whose slots are filled again as soon as they are free: attempts come and go one by one,
/// and no slot waits for the slowest.
struct ContinuousBatch {
    /// One attempt at a puzzle.
    struct Attempt {
        /// Which puzzle it is an attempt at, and which of its attempts.
        var key: Key
        /// The puzzle, `[S]`.
        var tokens: [Int32]
        /// The row of the puzzle embedding.
        var identifier: Int32
        /// The noise on the initial states; none leaves them as they are.
        var noise: (amplitude: Double, generator: SeededGenerator)?
        /// Segments at most.
        var maxSteps: Int
        /// When it ends before that.
        var halting: HaltingRule
    }

    /// Whatever the caller knows an attempt by.
    struct Key: Hashable {
        /// The puzzle.
        var puzzle: Int
        /// Which of the attempts at it, counting from 0.
        var attempt: Int
    }

    /// What an attempt came to after a segment.
    struct Progress {
        /// The attempt's key.
        var key: Key
        /// Segments given.
        var steps: Int
        /// The answer, `[S]`.
        var answer: [Int32]
        /// Whether it is the answer of the segment before.
        var isUnchanged: Bool
        /// Whether all logits are finite; where one is not, nothing can be read off the others.
        var isFinite: Bool
        /// Logit of "halt".
        var qHalt: Float
        /// Logit of "go on".
        var qContinue: Float
        /// Whether the rule ended the attempt, not the number of segments.
        var hasHalted: Bool
        /// Whether this was the last segment.
        var isLast: Bool
    }

    /// What the caller wants after a segment.
    enum Decision {
        case goOn
        /// The attempt is over.
        case stop
    }

    private let model: HierarchicalReasoningModel
    let engine: ReasoningEngine
    private var carry: Carry
    /// The attempts in the first slots, and what each of them answered last; the slots behind them are
    /// free.
    private var attempts: [(attempt: Attempt, answer: [Int32]?)] = []

    init(model: HierarchicalReasoningModel, slots: Int, workers: Workers) {
        self.model = model
        engine = ReasoningEngine(
            model: model, batchSize: slots, workers: workers, training: false)
        carry = Carry(batchSize: slots, model: model)
    }

    /// Runs attempts until there are none left.
    ///
    /// - Parameters:
    ///   - next: What the source has. It is told whether all slots are free: then it may wait until
    ///     there is something; else it must not, for attempts are waiting.
    ///   - onBatch: Told after each segment, when all attempts have been told.
    ///   - onSegment: Told after each segment of each attempt.
    /// - Throws: What the closures throw.
    mutating func run(
        next: (_ isIdle: Bool) throws -> Supply<Attempt>,
        onBatch: () -> Void = {},
        onSegment: (Progress) throws -> Decision
    ) rethrows {
        attempts = []
        var hasMore = true
        while hasMore || !attempts.isEmpty {
            filling: while hasMore, attempts.count < engine.batchSize {
                switch try next(attempts.isEmpty) {
                case .next(let attempt): begin(attempt)
                case .nothingYet: break filling
                case .end: hasMore = false
                }
            }
            guard !attempts.isEmpty else { continue }
            let outcomes = engine.evaluationStep(
                &carry, maxSteps: .max, first: attempts.count)
            var isOver = [Bool](repeating: false, count: attempts.count)
            for (slot, outcome) in outcomes.enumerated() {
                let (attempt, before) = attempts[slot]
                let answer = engine.predictions(of: slot)
                attempts[slot].answer = answer
                let halts = attempt.halting.halts(
                    qHalt: outcome.qHalt, qContinue: outcome.qContinue,
                    isUnchanged: answer == before)
                let isLast = halts || outcome.steps >= attempt.maxSteps
                let decision = try onSegment(
                    Progress(
                        key: attempt.key, steps: outcome.steps, answer: answer,
                        isUnchanged: answer == before, isFinite: engine.isFinite(slot: slot),
                        qHalt: outcome.qHalt, qContinue: outcome.qContinue, hasHalted: halts,
                        isLast: isLast))
                isOver[slot] = isLast || decision == .stop
            }
            free(isOver)
            onBatch()
        }
    }

    private mutating func begin(_ attempt: Attempt) {
        let slot = attempts.count
        carry.begin(
            slot, inputs: attempt.tokens, identifier: attempt.identifier, model: model)
        if let (amplitude, generator) = attempt.noise {
            var generator = generator
            carry.disturb(slot, amplitude: amplitude, using: &generator, model: model)
        }
        attempts.append((attempt, nil))
    }

    /// Closes the gaps that ended attempts leave, so that free slots are the last ones.
    private mutating func free(_ isOver: [Bool]) {
        for slot in isOver.indices.reversed() where isOver[slot] {
            let last = attempts.count - 1
            if slot != last {
                carry.move(from: last, to: slot, model: model)
                attempts[slot] = attempts[last]
            }
            attempts.removeLast()
        }
    }
}

import HRMEngine
import HRMModel
import HRMTensor

/// A batch with continuous refilling: a slot takes the next attempt as soon as it is free, without
/// waiting for the slowest one.
struct ContinuousBatch {
    /// One attempt at a puzzle.
    struct Attempt {
        /// The puzzle and the number of the attempt at it.
        var key: Key
        /// The puzzle, `[S]`.
        var tokens: [Int32]
        /// The row of the puzzle embedding.
        var identifier: Int32
        /// The noise on the initial states; nil for none.
        var noise: (amplitude: Double, generator: SeededGenerator)?
        /// The maximum number of segments.
        var maxSteps: Int
        /// The rule for halting earlier.
        var halting: HaltingRule
    }

    /// The caller's identification of an attempt.
    struct Key: Hashable {
        /// The puzzle.
        var puzzle: Int
        /// The number of the attempt at the puzzle, starting at 0.
        var attempt: Int
    }

    /// The state of an attempt after a segment.
    struct Progress {
        /// The attempt's key.
        var key: Key
        /// The number of completed segments.
        var steps: Int
        /// The answer, `[S]`.
        var answer: [Int32]
        /// True if the answer equals that of the preceding segment.
        var isUnchanged: Bool
        /// True if all logits are finite; where one is not, nothing can be read off the others.
        var isFinite: Bool
        /// The "halt" logit.
        var qHalt: Float
        /// The "continue" logit.
        var qContinue: Float
        /// True if the halting rule, not the maximum number of segments, ended the attempt.
        var hasHalted: Bool
        /// True if this was the last segment.
        var isLast: Bool
    }

    /// The caller's decision after a segment.
    enum Decision {
        case goOn
        /// Ends the attempt.
        case stop
    }

    private let model: HierarchicalReasoningModel
    let engine: ReasoningEngine
    private var carry: Carry
    /// The attempts in the first slots, each with its last answer; the remaining slots are free.
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
        next: (_ isIdle: Bool) throws -> Poll<Attempt>,
        onBatch: () -> Void = {},
        onSegment: (Progress) throws -> Decision
    ) rethrows {
        attempts = []
        var hasMore = true
        while hasMore || !attempts.isEmpty {
            filling: while hasMore, attempts.count < engine.batchSize {
                switch try next(attempts.isEmpty) {
                case .next(let attempt): begin(attempt)
                case .pending: break filling
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

    /// Compacts the batch, so that the free slots are the last ones.
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

import HRMModel
import HRMTensor

/// A batch whose slots are filled again as soon as they are free: attempts come and go one by one,
/// and no slot waits for the slowest.
struct ContinuousBatch {
    /// One attempt at a puzzle.
    struct Attempt {
        /// Whatever the caller knows it by.
        var key: Int
        /// The puzzle, `[S]`.
        var tokens: [Int32]
        /// The row of the puzzle embedding.
        var identifier: Int32
        /// The noise on the initial states; none leaves them as they are.
        var noise: (amplitude: Double, generator: SeededGenerator)?
    }

    /// What an attempt came to after a segment.
    struct Progress {
        /// The attempt's key.
        var key: Int
        /// Segments given.
        var steps: Int
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
    private let engine: ReasoningEngine
    private var carry: Carry
    /// The keys of the attempts in the first slots; the slots behind them are free.
    private var keys: [Int] = []

    init(model: HierarchicalReasoningModel, slots: Int, workers: Workers) {
        self.model = model
        engine = ReasoningEngine(
            model: model, batchSize: slots, workers: workers, training: false)
        carry = Carry(batchSize: slots, model: model)
    }

    /// Runs attempts until there are none left.
    ///
    /// - Parameters:
    ///   - maxSteps: Segments of an attempt at most.
    ///   - halting: When an attempt ends before that.
    ///   - next: The next attempt; nil when there will be none any more.
    ///   - onSegment: Told after each segment of each attempt; the second argument reads its answer,
    ///     `[S]`, which takes a while.
    /// - Throws: What the closures throw.
    mutating func run(
        maxSteps: Int, halting: HaltingRule, next: () throws -> Attempt?,
        onSegment: (Progress, () -> [Int32]) throws -> Decision
    ) throws {
        keys = []
        var hasMore = true
        while true {
            while hasMore, keys.count < engine.batchSize {
                guard let attempt = try next() else {
                    hasMore = false
                    break
                }
                begin(attempt)
            }
            guard !keys.isEmpty else { return }
            let outcomes = engine.evaluationStep(
                &carry, maxSteps: maxSteps, first: keys.count)
            var isOver = [Bool](repeating: false, count: keys.count)
            for (slot, outcome) in outcomes.prefix(keys.count).enumerated() {
                let halts = halting.halts(qHalt: outcome.qHalt, qContinue: outcome.qContinue)
                let progress = Progress(
                    key: keys[slot], steps: outcome.steps, qHalt: outcome.qHalt,
                    qContinue: outcome.qContinue, hasHalted: halts,
                    isLast: halts || outcome.steps >= maxSteps)
                let decision = try onSegment(progress) { engine.predictions(of: slot) }
                isOver[slot] = progress.isLast || decision == .stop
            }
            free(isOver)
        }
    }

    private mutating func begin(_ attempt: Attempt) {
        let slot = keys.count
        carry.begin(
            slot, inputs: attempt.tokens, identifier: attempt.identifier, model: model)
        if let (amplitude, generator) = attempt.noise {
            var generator = generator
            carry.disturb(slot, amplitude: amplitude, using: &generator, model: model)
        }
        keys.append(attempt.key)
    }

    /// Closes the gaps that ended attempts leave, so that free slots are the last ones.
    private mutating func free(_ isOver: [Bool]) {
        for slot in isOver.indices.reversed() where isOver[slot] {
            let last = keys.count - 1
            if slot != last {
                carry.move(from: last, to: slot, model: model)
                keys[slot] = keys[last]
            }
            keys.removeLast()
        }
    }
}

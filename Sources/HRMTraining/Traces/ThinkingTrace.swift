public import HRMModel

/// How a model came to its answer to one puzzle: what it had after each step of thinking, and, if
/// that was asked for, after each update of its two states within the steps.
///
/// As JSON, keys are written with underscores; ``Step`` and ``Update`` have those of their
/// ``Reading`` among their own.
public struct ThinkingTrace: Sendable, Equatable, Codable {
    /// The puzzle's tokens, `[S]`.
    public var question: [Int32]
    /// `V`; the entropy of a cell is at most its logarithm.
    public var vocabularySize: Int
    /// The segments, in the order of time.
    public var steps: [Step]

    private enum CodingKeys: String, CodingKey {
        case question, steps
        case vocabularySize = "vocabulary_size"
    }

    /// What the heads read off the slow state at one moment.
    public struct Reading: Sendable, Equatable, Codable {
        /// The most likely token of each cell, `[S]`.
        public var tokens: [Int32]
        /// Places whose token is another one than in the reading before, ascending.
        ///
        /// That is the one of the step before, or of the slow update before; first of all, it is the
        /// puzzle. After a fast update there are none.
        public var changed: [Int]
        /// How open each cell is, `[S]`, in nats: the entropy of its distribution over tokens.
        public var entropy: [Double]
        /// Logit of "halt": above 0, the model believes the answer to be right.
        public var qHalt: Float
        /// Logit of "go on".
        public var qContinue: Float

        private enum CodingKeys: String, CodingKey {
            case tokens, changed, entropy
            case qHalt = "q_halt"
            case qContinue = "q_continue"
        }

        /// A reading.
        ///
        /// - Parameters:
        ///   - cells: Tokens and their entropies.
        ///   - before: The tokens of the reading before, `[S]`.
        ///   - qHalt: Logit of "halt".
        ///   - qContinue: Logit of "go on".
        public init(_ cells: CellReading, after before: [Int32], qHalt: Float, qContinue: Float) {
            tokens = cells.tokens
            changed = tokens.indices.filter { cells.tokens[$0] != before[$0] }
            entropy = cells.entropy
            self.qHalt = qHalt
            self.qContinue = qContinue
        }

        /// The model's own probability that the answer is right.
        public var confidence: Double { QLoss.sigmoid(Double(qHalt)) }

        /// Mean entropy of the cells, in nats.
        public var meanEntropy: Double { entropy.reduce(0, +) / Double(max(1, entropy.count)) }
    }

    /// Which of the two loops an update belongs to.
    public enum Loop: String, Sendable, Codable {
        /// Of `z_L`, the fast state.
        case fast
        /// Of `z_H`, the slow state.
        case slow
    }

    /// One update of one of the states.
    public struct Update: Sendable, Equatable {
        /// Which state was replaced.
        public var loop: Loop
        /// Which slow cycle of the step it belongs to, counting from 1.
        public var cycle: Int
        /// Which update of its state it is within the cycle, counting from 1.
        public var number: Int
        /// How far its state moved: `‖z′ − z‖ / ‖z′‖` over all positions.
        public var change: Double
        /// What can be read off the slow state then.
        ///
        /// Fast updates leave the slow state alone, so
        /// their reading is that of the slow update before them, or of the state that thinking begins
        /// with.
        public var reading: Reading
    }

    /// One segment.
    public struct Step: Sendable, Equatable {
        /// Its number, counting from 1.
        public var step: Int
        /// How far `z_H` moved from the segment's beginning to its end: `‖z′ − z‖ / ‖z′‖`.
        public var highChange: Double
        /// How far `z_L` moved; nil in a model without a fast state.
        public var lowChange: Double?
        /// What can be read off the slow state at its end.
        public var reading: Reading
        /// Its updates, in the order of time; empty unless they were asked for.
        public var updates: [Update]

        /// Whether the answer is the one of the step before.
        public var isUnchanged: Bool { step > 1 && reading.changed.isEmpty }
    }
}

extension ThinkingTrace {
    /// The steps as ``PuzzleReasoner`` tells them.
    public var thoughts: [PuzzleReasoner.Thought] {
        steps.map {
            PuzzleReasoner.Thought(
                step: $0.step, tokens: $0.reading.tokens, isUnchanged: $0.isUnchanged,
                qHalt: $0.reading.qHalt, qContinue: $0.reading.qContinue)
        }
    }
}

import HRMEngine
package import HRMModel

/// The intermediate results for one puzzle: after each step and, on request, after each update of
/// the two states within the steps.
///
/// In JSON, keys are written with underscores, and the keys of a ``Reading`` are merged into those
/// of its ``Step`` or ``Update``.
public struct ThinkingTrace: Sendable, Equatable, Codable {
    /// The puzzle's tokens, `[S]`.
    public var question: [Int32]
    /// `V`; the entropy of a cell is at most `ln V`.
    public var vocabularySize: Int
    /// The segments in order.
    public var steps: [Step]

    private enum CodingKeys: String, CodingKey {
        case question, steps
        case vocabularySize = "vocabulary_size"
    }

    /// The output of the heads for the slow state at one moment.
    public struct Reading: Sendable, Equatable, Codable {
        /// The most likely token of each cell, `[S]`.
        public var tokens: [Int32]
        /// The positions whose token differs from the preceding reading, ascending.
        ///
        /// The preceding reading is that of the preceding step or slow update; for the first one,
        /// it is the puzzle. After a fast update there are none.
        public var changed: [Int]
        /// The entropy of each cell's distribution over tokens, `[S]`, in nats.
        public var entropy: [Double]
        /// The "halt" logit; if positive, the model considers its answer correct.
        public var qHalt: Float
        /// The "continue" logit.
        public var qContinue: Float

        private enum CodingKeys: String, CodingKey {
            case tokens, changed, entropy
            case qHalt = "q_halt"
            case qContinue = "q_continue"
        }

        /// Creates a reading.
        ///
        /// - Parameters:
        ///   - cells: Tokens and their entropies.
        ///   - before: The tokens of the preceding reading, `[S]`.
        ///   - qHalt: The "halt" logit.
        ///   - qContinue: The "continue" logit.
        package init(_ cells: TokenReadout, after before: [Int32], qHalt: Float, qContinue: Float) {
            tokens = cells.tokens
            changed = tokens.indices.filter { cells.tokens[$0] != before[$0] }
            entropy = cells.entropy
            self.qHalt = qHalt
            self.qContinue = qContinue
        }

        /// The model's estimated probability that the answer is correct.
        public var confidence: Double { QLoss.sigmoid(Double(qHalt)) }

        /// The mean entropy of the cells, in nats.
        public var meanEntropy: Double { entropy.reduce(0, +) / Double(max(1, entropy.count)) }
    }

    /// The loop of an update.
    public enum Loop: String, Sendable, Codable {
        /// The fast loop, which updates `z_L`.
        case fast
        /// The slow loop, which updates `z_H`.
        case slow
    }

    /// An update of one of the states.
    public struct Update: Sendable, Equatable {
        /// The state that was updated.
        public var loop: Loop
        /// The slow cycle within the step, starting at 1.
        public var cycle: Int
        /// The number of the state's update within the cycle, starting at 1.
        public var number: Int
        /// The relative change of the state: `‖z′ − z‖ / ‖z′‖` over all positions.
        public var change: Double
        /// The output of the heads for the slow state.
        ///
        /// Fast updates do not change the slow state, so their reading equals that of the preceding
        /// slow update, or of the initial state.
        public var reading: Reading
    }

    /// A segment.
    public struct Step: Sendable, Equatable {
        /// The number of the segment, starting at 1.
        public var step: Int
        /// The relative change of `z_H` over the segment: `‖z′ − z‖ / ‖z′‖`.
        public var highChange: Double
        /// The relative change of `z_L`; nil for models without a fast state.
        public var lowChange: Double?
        /// The output of the heads for the slow state at the end.
        public var reading: Reading
        /// The updates in order; empty unless requested.
        public var updates: [Update]
        /// The change of a search's state after the segment, which the reading's tokens show; nil of
        /// a model that reads tokens.
        public var event: SearchEvent?

        /// True if the answer equals that of the preceding step.
        public var isUnchanged: Bool { step > 1 && reading.changed.isEmpty }
    }
}

extension ThinkingTrace {
    /// The steps in the form that ``PuzzleStream`` returns.
    public var thoughts: [StepOutput] {
        steps.map {
            StepOutput(
                step: $0.step, tokens: $0.reading.tokens, isUnchanged: $0.isUnchanged,
                qHalt: $0.reading.qHalt, qContinue: $0.reading.qContinue, event: $0.event)
        }
    }
}

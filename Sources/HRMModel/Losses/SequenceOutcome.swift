/// The results of one step for one sequence.
public struct SequenceOutcome: Sendable, Equatable {
    /// The row of the batch.
    public var row: Int
    /// The losses of the sequence.
    public var loss: SequenceLoss
    /// The "halt" logit.
    public var qHalt: Float
    /// The "continue" logit.
    public var qContinue: Float
    /// The target of q_continue; nil if it is not trained.
    public var targetQContinue: Double?
    /// The Q logits one segment later, from which the target is computed; nil without a target.
    public var next: Next?
    /// The number of segments so far, including this one.
    public var steps: Int
    /// True if the sequence ended with this step.
    public var hasHalted: Bool

    /// Creates the results of one step.
    public init(
        row: Int, loss: SequenceLoss, qHalt: Float, qContinue: Float, targetQContinue: Double?,
        next: Next?, steps: Int, hasHalted: Bool
    ) {
        self.row = row
        self.loss = loss
        self.qHalt = qHalt
        self.qContinue = qContinue
        self.targetQContinue = targetQContinue
        self.next = next
        self.steps = steps
        self.hasHalted = hasHalted
    }

    /// The Q logits of the following segment.
    public struct Next: Sendable, Equatable {
        /// The "halt" logit.
        public var qHalt: Float
        /// The "continue" logit.
        public var qContinue: Float

        /// Creates the Q logits of a segment.
        public init(qHalt: Float, qContinue: Float) {
            self.qHalt = qHalt
            self.qContinue = qContinue
        }
    }
}

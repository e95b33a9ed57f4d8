/// The results of one step for one sequence.
package struct SequenceOutcome: Sendable, Equatable {
    /// The row of the batch.
    package var row: Int
    /// The losses of the sequence.
    package var loss: SequenceLoss
    /// The "halt" logit.
    package var qHalt: Float
    /// The "continue" logit.
    package var qContinue: Float
    /// The target of q_continue; nil if it is not trained.
    package var targetQContinue: Double?
    /// The Q logits one segment later, from which the target is computed; nil without a target.
    package var next: Next?
    /// The number of segments so far, including this one.
    package var steps: Int
    /// True if the sequence ended with this step.
    package var hasHalted: Bool

    /// Creates the results of one step.
    package init(
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
    package struct Next: Sendable, Equatable {
        /// The "halt" logit.
        package var qHalt: Float
        /// The "continue" logit.
        package var qContinue: Float

        /// Creates the Q logits of a segment.
        package init(qHalt: Float, qContinue: Float) {
            self.qHalt = qHalt
            self.qContinue = qContinue
        }
    }
}

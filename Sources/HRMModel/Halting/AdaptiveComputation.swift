/// Adaptive computation time: halting of sequences with a learned Q head.
package enum AdaptiveComputation {
    /// Returns whether a sequence ends after `steps` segments of training.
    ///
    /// `halted = last OR q_halt > q_continue`, the latter not before `minimumSteps`.
    ///
    /// - Parameters:
    ///   - steps: The number of segments so far, including this one.
    ///   - maxSteps: The maximum number of segments per puzzle.
    ///   - qHalt: The "halt" logit.
    ///   - qContinue: The "continue" logit; 0 for a model without it.
    ///   - minimumSteps: The number of segments before which a sequence may not halt by itself.
    /// - Returns: True if the slot takes a new puzzle next.
    package static func halts(
        steps: Int, maxSteps: Int, qHalt: Float, qContinue: Float, minimumSteps: Int
    ) -> Bool {
        if steps >= maxSteps { return true }
        return maxSteps > 1 && qHalt > qContinue && steps >= minimumSteps
    }

    /// Returns the target of q_continue from the Q logits one segment later: a one-step Bellman
    /// target, `σ(last ? q_halt′ : max(q_halt′, q_continue′))`.
    package static func targetQContinue(isLast: Bool, next: SequenceOutcome.Next) -> Double {
        QLoss.sigmoid(Double(isLast ? next.qHalt : max(next.qHalt, next.qContinue)))
    }
}

public import HRMTensor

/// Adaptive computation time: halting of sequences with a learned Q head.
public enum AdaptiveComputation {
    /// Draws the minimum number of segments of each slot in this step: with probability
    /// `probability` a number in `2 ... maxSteps`, otherwise 0.
    ///
    /// Both random numbers are drawn for every slot in every step, so that the generator advances
    /// equally in all cases.
    public static func drawMinimumSteps(
        slots: Int, maxSteps: Int, probability: Double, using generator: inout SeededGenerator
    ) -> [Int] {
        (0..<slots).map { _ in
            let explores = Double(generator.nextUnitFloat()) < probability
            let steps = Int.random(in: 2...max(2, maxSteps), using: &generator)
            return explores ? steps : 0
        }
    }

    /// Returns whether a sequence ends after `steps` segments of training.
    ///
    /// `halted = last OR q_halt > q_continue`, the latter not before `minimumSteps`.
    ///
    /// - Parameters:
    ///   - steps: The number of segments so far, including this one.
    ///   - maxSteps: The maximum number of segments per puzzle.
    ///   - qHalt: The "halt" logit.
    ///   - qContinue: The "continue" logit; 0 for a model without it.
    ///   - minimumSteps: See ``drawMinimumSteps(slots:maxSteps:probability:using:)``.
    /// - Returns: True if the slot takes a new puzzle next.
    public static func halts(
        steps: Int, maxSteps: Int, qHalt: Float, qContinue: Float, minimumSteps: Int
    ) -> Bool {
        if steps >= maxSteps { return true }
        return maxSteps > 1 && qHalt > qContinue && steps >= minimumSteps
    }

    /// Returns the target of q_continue from the Q logits one segment later: a one-step Bellman
    /// target, `σ(last ? q_halt′ : max(q_halt′, q_continue′))`.
    public static func targetQContinue(isLast: Bool, next: SequenceOutcome.Next) -> Double {
        QLoss.sigmoid(Double(isLast ? next.qHalt : max(next.qHalt, next.qContinue)))
    }
}

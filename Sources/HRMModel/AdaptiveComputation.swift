public import HRMTensor

/// When a sequence stops: adaptive computation time with a learned Q head.
public enum AdaptiveComputation {
    /// Fewest segments each slot must run in this step before it may halt: with probability
    /// `probability` a number of `2 ... maxSteps`, else none.
    ///
    /// Both numbers are drawn for every slot in every step, so that how many are drawn does not
    /// depend on what came out.
    public static func drawMinimumSteps(
        slots: Int, maxSteps: Int, probability: Double, using generator: inout SeededGenerator
    ) -> [Int] {
        (0..<slots).map { _ in
            let explores = Double(generator.nextUnitFloat()) < probability
            let steps = Int.random(in: 2...max(2, maxSteps), using: &generator)
            return explores ? steps : 0
        }
    }

    /// Returns true if a sequence ends after `steps` segments of training.
    ///
    /// `halted = last OR q_halt > q_continue`, the latter not before `minimumSteps`.
    ///
    /// - Parameters:
    ///   - steps: Segments given so far, this one included.
    ///   - maxSteps: Segments that a puzzle is given at most.
    ///   - qHalt: Logit of "halt now".
    ///   - qContinue: Logit of "go on"; 0 for a model that does not learn it.
    ///   - minimumSteps: See ``drawMinimumSteps(slots:maxSteps:probability:using:)``.
    /// - Returns: Whether the slot takes a new puzzle next.
    public static func halts(
        steps: Int, maxSteps: Int, qHalt: Float, qContinue: Float, minimumSteps: Int
    ) -> Bool {
        if steps >= maxSteps { return true }
        return maxSteps > 1 && qHalt > qContinue && steps >= minimumSteps
    }

    /// The target of q_continue, from the Q logits one segment later: a one-step Bellman
    /// target, `σ(last ? q_halt′ : max(q_halt′, q_continue′))`.
    public static func targetQContinue(isLast: Bool, next: SequenceOutcome.Next) -> Double {
        QLoss.sigmoid(Double(isLast ? next.qHalt : max(next.qHalt, next.qContinue)))
    }
}

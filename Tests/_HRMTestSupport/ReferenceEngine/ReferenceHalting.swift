public import HRMModel

/// Halting and its targets.
public enum ReferenceHalting {
    /// Returns true if a sequence in training ends after `steps` segments.
    ///
    /// - Parameters:
    ///   - steps: The number of segments, including this one.
    ///   - maxSteps: The most segments a puzzle may have.
    ///   - minimumSteps: The least, unless it reaches the most; 0 without exploration.
    ///   - qLogits: Halt and continue, `[1, 2]`.
    ///   - configuration: Decides with which value q_halt is compared.
    /// - Returns: True if the slot takes a new puzzle.
    public static func halts(
        steps: Int, maxSteps: Int, minimumSteps: Int, qLogits: PlainMatrix,
        configuration: HRMConfiguration
    ) -> Bool {
        if steps >= maxSteps { return true }
        guard maxSteps > 1 && steps >= minimumSteps else { return false }
        return qLogits[0, 0] > (configuration.ignoresContinue ? 0 : qLogits[0, 1])
    }

    /// Returns the target of q_continue, `σ(last ? q_halt′ : max(q_halt′, q_continue′))`.
    ///
    /// - Parameters:
    ///   - isLast: True if the sequence cannot continue.
    ///   - next: The Q logits one segment later, `[1, 2]`.
    /// - Returns: A probability.
    public static func targetQContinue(isLast: Bool, next: PlainMatrix) -> Double {
        ElementaryFunction.sigmoid(isLast ? next[0, 0] : max(next[0, 0], next[0, 1]))
    }

    /// True if the model has a target of q_continue.
    public static func hasTarget(_ configuration: HRMConfiguration) -> Bool {
        !configuration.ignoresContinue && configuration.haltMaxSteps > 1
    }
}

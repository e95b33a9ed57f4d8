package import HRMEngine
package import HRMModel

/// Changes of default inference options; nil keeps the default.
package struct InferenceChoices: Sendable, Hashable {
    /// The maximum number of segments of an attempt.
    package var maxSteps: Int?
    /// The rule for halting an attempt earlier.
    package var halting: HaltingRule?
    /// The number of images of the puzzle.
    package var votes: Int?
    /// The number of initial states.
    package var starts: Int?
    /// The maximum number of further attempts.
    package var restarts: Int?
    /// The standard deviation of the noise on initial states.
    package var noise: Double?
    /// The seed.
    package var seed: UInt64 = 0
    /// The cell that a search pins.
    package var pin: PinnedCell?
    /// The reaction of a search to a contradiction.
    package var contradiction: ContradictionResponse?

    /// Creates choices that change nothing.
    package init() {}

    /// Returns options with these changes.
    ///
    /// - Parameters:
    ///   - usual: The default options.
    ///   - model: The model.
    /// - Returns: The options.
    package func options(
        otherwise usual: InferenceOptions, for model: HierarchicalReasoningModel
    ) -> InferenceOptions {
        // Without early halting, the default is the number of steps in training, not the larger
        // maximum.
        let usual = halting == .never ? .asTrained(model) : usual
        let halting = halting ?? (restarts ?? 0 > 0 ? .converged : usual.halting)
        // Without a halting rule, or with an explicit number of starts, there are no restarts.
        let usualRestarts = halting == .never || starts != nil ? 0 : usual.restarts
        var plan = InferenceOptions(
            maxSteps: maxSteps ?? usual.maxSteps, halting: halting,
            votes: votes ?? usual.votes, starts: starts ?? usual.starts,
            restarts: restarts ?? usualRestarts, noise: noise ?? usual.noise, seed: seed)
        plan.search = usual.search
        if let pin { plan.search.policy.cell = pin }
        if let contradiction { plan.search.onContradiction = contradiction }
        return plan
    }
}

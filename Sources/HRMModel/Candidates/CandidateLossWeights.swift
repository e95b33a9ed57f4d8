/// The weights of the losses of a model that reads candidates.
package struct CandidateLossWeights: Sendable, Hashable {
    /// The weight of a candidate that is the answer, in the loss of striking.
    package var kept: Double
    /// The weight of any other candidate, in the loss of striking.
    package var struck: Double
    /// The weight of the choice among a cell's candidates.
    package var choice: Double
    /// The weight of recognizing contradictions.
    package var conflict: Double

    /// Creates weights.
    package init(kept: Double, struck: Double, choice: Double, conflict: Double) {
        self.kept = kept
        self.struck = struck
        self.choice = choice
        self.conflict = conflict
    }
}

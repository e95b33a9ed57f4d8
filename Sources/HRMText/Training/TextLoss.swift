/// The loss of one training step and its counts.
package struct TextLoss: Sendable, Hashable {
    /// The mean cross entropy over all targets, in nats; 0 without targets.
    package var meanLoss: Double
    /// The number of targets.
    package var tokenCount: Int
    /// The targets that are the token with the largest logit.
    package var rightTokenCount: Int
    /// The samples with targets, of packed sequences too.
    package var sampleCount: Int
    /// The samples all of whose targets are right.
    package var rightSampleCount: Int
}

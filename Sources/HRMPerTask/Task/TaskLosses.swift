/// The losses of a learner in one step, in nats.
package struct TaskLosses: Sendable, Hashable {
    /// `divergence + 10 · reconstruction`, which is minimised.
    package var total: Double
    /// The description length of the latents: the sum of their KL divergences.
    package var divergence: Double
    /// The description length of the known grids, given the network's outputs.
    package var reconstruction: Double

    /// Creates losses.
    package init(total: Double, divergence: Double, reconstruction: Double) {
        self.total = total
        self.divergence = divergence
        self.reconstruction = reconstruction
    }
}

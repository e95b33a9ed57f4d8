/// The optimizers of a training, without their learning rates, which change with every step.
package struct OptimizerDescription: Sendable, Hashable {
    /// AdamATan2's decay rate of the gradient's moving average.
    package var beta1 = 0.9
    /// AdamATan2's decay rate of the squared gradient's moving average.
    package var beta2 = 0.95
    /// Decoupled weight decay of AdamATan2, as a multiple of the learning rate.
    package var weightDecay = 0.1
    /// Decoupled weight decay of the puzzle embedding, as a multiple of its learning rate.
    package var puzzleWeightDecay = 0.1
    /// The settings of Muon for the matrices of the blocks; nil if AdamATan2 updates them, too.
    package var muon: MuonSettings?
    /// True if only the puzzle embedding learns.
    package var freezesWeights = false
    /// True if an exponential moving average of the weights is maintained.
    package var averagesWeights = false

    /// Creates the reference's optimizers.
    package init() {}
}

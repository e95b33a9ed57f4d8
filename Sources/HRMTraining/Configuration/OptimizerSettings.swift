/// What updates the weights; the puzzle embedding has a rule of its own.
public enum MainOptimizer: String, Sendable, Hashable, CaseIterable {
    /// AdamATan2 for everything, as published.
    case adamATan2 = "adam_atan2"
    /// ``Muon`` for the matrices of the blocks, AdamATan2 for the rest.
    case muon
}

/// The settings of ``Muon``.
public struct MuonSettings: Sendable, Hashable {
    /// The rate after the warm-up: how far a step moves a matrix, in units of its spectral norm.
    public var learningRate = 0.02
    /// `μ`, how much of the mean of gradients stays at each step.
    public var momentum = 0.95
    /// Decoupled weight decay, as a multiple of the learning rate.
    public var weightDecay = 0.1
    /// Newton–Schulz iterations.
    public var iterations = 5

    /// The settings of Muon's author, with a little decay.
    public init() {}
}

/// The optimizer of the weights; the puzzle embedding has its own.
public enum MainOptimizer: String, Sendable, Hashable, CaseIterable {
    /// AdamATan2 for everything, as published.
    case adamATan2 = "adam_atan2"
    /// Muon for the matrices of the blocks, AdamATan2 for the rest.
    case muon
}

/// The settings of Muon.
public struct MuonSettings: Sendable, Hashable {
    /// The learning rate after warm-up: the size of a matrix update in units of its spectral norm.
    public var learningRate = 0.02
    /// `μ`, the share of the momentum kept at each step.
    public var momentum = 0.95
    /// Decoupled weight decay, as a multiple of the learning rate.
    public var weightDecay = 0.1
    /// The number of Newton–Schulz iterations.
    public var iterations = 5

    /// Creates the settings of Muon's author, plus a small weight decay.
    public init() {}
}

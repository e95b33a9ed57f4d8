/// The meaning of a cell's input.
public enum InputEncoding: String, Sendable, Codable, Hashable, CaseIterable {
    /// The token of the cell.
    case tokens
    /// The set of symbols that the cell may still have, for models that search.
    case candidates
}

/// The weights of the losses of a model that reads candidates.
public struct CandidateLossWeights: Sendable, Hashable {
    /// The weight of a candidate that is the answer, in the loss of striking.
    public var kept = 4.0
    /// The weight of any other candidate, in the loss of striking.
    public var struck = 0.5
    /// The weight of the choice among a cell's candidates.
    public var choice = 1.0
    /// The weight of recognizing contradictions.
    public var conflict = 0.5

    /// Creates the default weights.
    public init() {}
}

/// One change of a search's state after a segment.
public enum SearchEvent: Sendable, Hashable, Codable {
    /// Candidates were struck.
    case strikes(count: Int)
    /// A cell was pinned to a token.
    case pin(cell: Int, token: Int32)
    /// A contradiction was found; this many pins were taken back.
    case contradiction(pinsTakenBack: Int)
    /// Nothing changed.
    case thought
    /// The state is complete, and the model is asked again whether it is a contradiction, from its
    /// initial states.
    case check
    /// The state is complete and, for the model, no contradiction: the answer.
    case answer
}

/// The meaning of a cell's input.
public enum InputEncoding: String, Sendable, Codable, Hashable, CaseIterable {
    /// The token of the cell.
    case tokens
    /// The set of symbols that the cell may still have, for models that search.
    case candidates
}

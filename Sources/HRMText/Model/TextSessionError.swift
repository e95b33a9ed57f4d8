/// The reason tokens could not be given to a text model.
public enum TextSessionError: Error, Equatable, Sendable {
    /// A token is not in the vocabulary.
    case unknownToken(id: Int32, vocabularySize: Int)
    /// The sequence would be longer than the key-value cache.
    case contextExceeded(needed: Int, capacity: Int)
    /// A prompt has no tokens.
    case emptyRow
    /// A position is negative or too large.
    case position(Int, limit: Int)
    /// The number of token types, positions or mask members differs from that of tokens.
    case typeCount(tokens: Int, types: Int)
}

extension TextSessionError: CustomStringConvertible {
    /// One sentence that states the problem and the remedy.
    public var description: String {
        switch self {
        case .unknownToken(let id, let size):
            "token \(id) is not in the vocabulary of \(size) tokens; use the model's own tokenizer"
        case .contextExceeded(let needed, let capacity):
            "\(needed) tokens do not fit into a context of \(capacity); shorten the prompt, or "
                + "allow a longer context"
        case .emptyRow: "the prompt has no tokens; give it at least one"
        case .position(let position, let limit):
            "position \(position) is not in 0 ..< \(limit)"
        case .typeCount(let tokens, let types):
            "\(tokens) tokens have \(types) token types; give one type for each token, or none"
        }
    }
}

/// A byte-level byte-pair tokenizer with the settings of HRM-Text.
///
/// Text is divided at special tokens, normalized to form C and split into words, numbers, symbols
/// and white space; the bytes of each piece are merged to tokens. Bytes without a token of their own
/// are left out, as in the library that tokenizes the training texts; ``unknownBytes(in:)`` counts
/// them.
///
/// The results equal those of the Python package `tokenizers` for the same file.
public struct Tokenizer: Sendable {
    /// The meaning of a control token's text, such as `<|im_end|>`.
    public enum ControlTokens: Sendable {
        /// Ordinary text, as in the training texts; prompts of users belong here.
        case asText
        /// The control token.
        case recognized
    }

    /// The bytes of each token; nil for an unused number.
    let tokens: [[UInt8]?]
    /// The token of each byte; nil for bytes that have none.
    let byteTokens: [Int32?]
    let merges: BytePairMerges
    /// The tokens that are not merged from bytes.
    let special: SpecialTokens

    /// The vocabulary's size: the largest number of a token plus 1.
    public var vocabularySize: Int { tokens.count }

    init(
        tokens: [[UInt8]?], byteTokens: [Int32?], merges: BytePairMerges, special: SpecialTokens
    ) {
        precondition(byteTokens.count == 256, "\(byteTokens.count) byte tokens, expected 256")
        self.tokens = tokens
        self.byteTokens = byteTokens
        self.merges = merges
        self.special = special
    }

    /// Returns the number of a special token, such as `<|im_start|>`; nil if there is none.
    ///
    /// - Parameter content: The token's text.
    /// - Returns: The number.
    public func specialToken(_ content: String) -> Int32? {
        special.token(named: content)?.id
    }

    /// Returns the bytes of a token; nil if no token has this number.
    ///
    /// - Parameter id: The token's number.
    /// - Returns: UTF-8, or a part of a character.
    public func bytes(of id: Int32) -> [UInt8]? {
        guard id >= 0, Int(id) < tokens.count else { return nil }
        return tokens[Int(id)]
    }

    /// Returns true for a control token, such as `<|im_end|>`.
    ///
    /// - Parameter id: The token's number.
    /// - Returns: False for other tokens, and for numbers without a token.
    public func isControlToken(_ id: Int32) -> Bool {
        special.token(id)?.isControl ?? false
    }
}

extension Tokenizer {
    /// Returns the text of tokens.
    ///
    /// - Parameters:
    ///   - ids: The tokens; numbers without a token are left out.
    ///   - skipsControlTokens: True to leave out control tokens.
    /// - Returns: The text; each maximal part of invalid UTF-8 is one U+FFFD.
    public func decode(_ ids: some Sequence<Int32>, skipsControlTokens: Bool = false) -> String {
        var decoder = StreamingDecoder(self, skipsControlTokens: skipsControlTokens)
        var text = ""
        for id in ids { text += decoder.append(id) }
        return text + decoder.finish()
    }
}

/// Decodes tokens one at a time, without splitting a character.
///
/// The texts returned by ``append(_:)`` and ``finish()`` are together the text of
/// ``Tokenizer/decode(_:skipsControlTokens:)``.
public struct StreamingDecoder: Sendable {
    private let tokenizer: Tokenizer
    private let skipsControlTokens: Bool
    private var assembler = UTF8Assembler()

    /// Creates a decoder.
    ///
    /// - Parameters:
    ///   - tokenizer: The tokenizer.
    ///   - skipsControlTokens: True to leave out control tokens.
    public init(_ tokenizer: Tokenizer, skipsControlTokens: Bool = false) {
        self.tokenizer = tokenizer
        self.skipsControlTokens = skipsControlTokens
    }

    /// Returns the text that is certain after a further token; often empty within a character.
    ///
    /// - Parameter id: The token.
    /// - Returns: The text.
    public mutating func append(_ id: Int32) -> String {
        guard let bytes = tokenizer.bytes(of: id),
            !(skipsControlTokens && tokenizer.isControlToken(id))
        else { return "" }
        return assembler.append(bytes)
    }

    /// Returns the rest of the text: U+FFFD if a character is incomplete.
    public mutating func finish() -> String {
        assembler.finish()
    }
}

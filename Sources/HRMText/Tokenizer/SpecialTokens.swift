/// Tokens that are recognized in text as a whole, before normalization.
struct SpecialTokens: Sendable {
    /// A token.
    struct Token: Sendable, Equatable {
        var id: Int32
        /// The text in UTF-8; not empty.
        var content: [UInt8]
        /// True for control tokens, which a decoder can leave out.
        var isControl: Bool
    }

    /// The tokens in the order of the file.
    let tokens: [Token]
    private let byID: [Int32: Int]
    /// The tokens by first byte, the longest first.
    private let byFirstByte: [UInt8: [Int]]

    init(_ tokens: [Token]) {
        self.tokens = tokens
        byID = Dictionary(tokens.enumerated().map { ($1.id, $0) }) { first, _ in first }
        byFirstByte = Dictionary(grouping: tokens.indices) { tokens[$0].content[0] }
            .mapValues { places in
                places.sorted {
                    (tokens[$1].content.count, $0) < (tokens[$0].content.count, $1)
                }
            }
    }

    /// Returns the special token of a number, if it is one.
    func token(_ id: Int32) -> Token? { byID[id].map { tokens[$0] } }

    /// Returns the token of a text.
    func token(named content: String) -> Token? {
        let bytes = Array(content.utf8)
        return tokens.first { $0.content == bytes }
    }

    /// Returns the longest token that begins at a place of a text.
    private func longest(at place: Int, of text: [UInt8]) -> Token? {
        guard let candidates = byFirstByte[text[place]] else { return nil }
        return candidates.lazy.map { tokens[$0] }.first {
            text.count - place >= $0.content.count
                && text[place..<(place + $0.content.count)].elementsEqual($0.content)
        }
    }

    /// A part of a text.
    enum Part: Equatable {
        case text(Range<Int>)
        case token(Int32)
    }

    /// Divides a text at its special tokens.
    ///
    /// - Parameters:
    ///   - text: The text in UTF-8.
    ///   - controlsAreText: True to leave control tokens in the text.
    /// - Returns: The parts in order; no part of text is empty.
    func parts(of text: [UInt8], controlsAreText: Bool) -> [Part] {
        var parts: [Part] = []
        var start = 0
        var place = 0
        while place < text.count {
            guard let token = longest(at: place, of: text) else {
                place += 1
                continue
            }
            let end = place + token.content.count
            if !(controlsAreText && token.isControl) {
                if start < place { parts.append(.text(start..<place)) }
                parts.append(.token(token.id))
                start = end
            }
            place = end
        }
        if start < text.count { parts.append(.text(start..<text.count)) }
        return parts
    }
}

extension Tokenizer {
    /// Returns the tokens of a text.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - controlTokens: The meaning of control tokens' texts.
    /// - Returns: The tokens; bytes without a token are left out.
    /// - Complexity: O(*n* log *n*) in the length of the text.
    public func encode(_ text: String, controlTokens: ControlTokens = .asText) -> [Int32] {
        var encoder = PieceEncoder(self)
        forEachPiece(of: text, controlTokens: controlTokens) {
            encoder.add($0)
        } token: {
            encoder.output.append($0)
        }
        return encoder.output
    }

    /// Returns the number of bytes of a text, after normalization, that have no token and are left
    /// out by ``encode(_:controlTokens:)``.
    ///
    /// - Parameter text: The text, with control tokens as text.
    /// - Returns: The number of bytes.
    public func unknownBytes(in text: String) -> Int {
        var count = 0
        forEachPiece(of: text, controlTokens: .asText) { piece in
            for byte in piece where byteTokens[Int(byte)] == nil { count += 1 }
        } token: { _ in
        }
        return count
    }

    /// Calls `body` with the UTF-8 of each piece of text, and `token` with each special token.
    private func forEachPiece(
        of text: String, controlTokens: ControlTokens, _ body: ([UInt8]) -> Void,
        token: (Int32) -> Void
    ) {
        let bytes = Array(text.utf8)
        for part in special.parts(of: bytes, controlsAreText: controlTokens == .asText) {
            switch part {
            case .token(let id): token(id)
            case .text(let range):
                let scalars = CanonicalComposition.normalized(
                    String(decoding: bytes[range], as: UTF8.self).unicodeScalars.map(\.value))
                SplitPattern.forEachPiece(of: scalars) { range in
                    body(SplitPattern.utf8(scalars[range]))
                }
            }
        }
    }
}

/// Encodes pieces of text and remembers the tokens of short ones.
private struct PieceEncoder {
    /// The length of pieces in bytes whose tokens are remembered.
    private static let rememberedLength = 32
    private static let mostRemembered = 1 << 15

    var output: [Int32] = []
    private let byteTokens: [Int32?]
    private var merger: BytePairMerger
    private var remembered: [[UInt8]: [Int32]] = [:]
    private var symbols: [Int32] = []

    init(_ tokenizer: Tokenizer) {
        byteTokens = tokenizer.byteTokens
        merger = BytePairMerger(merges: tokenizer.merges)
    }

    mutating func add(_ piece: [UInt8]) {
        if let known = remembered[piece] {
            output.append(contentsOf: known)
            return
        }
        let start = output.count
        symbols.removeAll(keepingCapacity: true)
        for byte in piece {
            if let token = byteTokens[Int(byte)] { symbols.append(token) }
        }
        merger.merge(symbols, into: &output)
        if piece.count <= Self.rememberedLength, remembered.count < Self.mostRemembered {
            remembered[piece] = Array(output[start...])
        }
    }
}

/// Training of a byte-level byte-pair tokenizer with the settings of HRM-Text.
///
/// Unlike the original one, a trained tokenizer has a token for each of the 256 bytes, so that no
/// text is lost. The result depends on the texts and settings only: the pair with the highest count
/// is merged next, and of equal counts the one with the lowest numbers.
public struct TokenizerTrainer: Sendable {
    /// The special tokens of the original trainer, in its order.
    public static let standardSpecialTokens =
        [
            "PAD", "direct", "cot", "noisy", "synth", "endoftext", "im_start", "im_end",
            "object_ref_start", "object_ref_end", "box_start", "box_end", "quad_start",
            "quad_end", "vision_start", "vision_end", "vision_pad", "image_pad", "video_pad",
            "fim_prefix", "fim_middle", "fim_suffix", "fim_pad", "repo_name", "file_sep",
        ].map { "<|\($0)|>" } + [
            "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<think>",
            "</think>",
        ]

    /// The number of tokens of a tokenizer without merges: standard special tokens and bytes.
    public static let byteVocabularySize = standardSpecialTokens.count + 256

    /// The wanted number of tokens, including special tokens and bytes.
    public let vocabularySize: Int
    /// The lowest count of a pair that is merged.
    public let minimumCount: Int
    /// The special tokens, which get the first numbers.
    public let specialTokens: [String]
    private var pieces: [[UInt8]: Int] = [:]

    /// Creates a trainer without texts.
    ///
    /// - Parameters:
    ///   - vocabularySize: The wanted number of tokens; fewer if the texts have too few pairs.
    ///   - minimumCount: The lowest count of a pair that is merged.
    ///   - specialTokens: The special tokens.
    /// - Throws: ``TokenizerError`` if the size has no room for special tokens and bytes, or a
    ///   special token is empty, too long or repeated.
    public init(
        vocabularySize: Int, minimumCount: Int = 2,
        specialTokens: [String] = standardSpecialTokens
    ) throws(TokenizerError) {
        let least = specialTokens.count + 256
        guard (least...Tokenizer.largestToken).contains(vocabularySize) else {
            throw .training(
                reason: "the vocabulary has \(vocabularySize) tokens; from \(least), for special "
                    + "tokens and bytes, to \(Tokenizer.largestToken) are possible")
        }
        let lengths = 1...Tokenizer.longestSpecialToken
        guard specialTokens.allSatisfy({ lengths.contains($0.utf8.count) }),
            Set(specialTokens).count == specialTokens.count
        else {
            throw .training(
                reason: "a special token is empty, longer than \(lengths.upperBound) bytes or "
                    + "repeated")
        }
        let symbols = Set(ByteAlphabet.scalars)
        guard
            specialTokens.allSatisfy({ token in
                token.unicodeScalars.count > 1
                    || !token.unicodeScalars.allSatisfy { symbols.contains($0.value) }
            })
        else {
            throw .training(reason: "a special token has the name of a byte; use a longer one")
        }
        self.vocabularySize = vocabularySize
        self.minimumCount = max(1, minimumCount)
        self.specialTokens = specialTokens
    }

    /// Adds a text; the names of special tokens in it are ordinary text.
    ///
    /// - Parameter text: The text; only its different pieces are kept.
    public mutating func add(_ text: String) {
        let scalars = CanonicalComposition.normalized(text.unicodeScalars.map(\.value))
        SplitPattern.forEachPiece(of: scalars) { range in
            pieces[SplitPattern.utf8(scalars[range]), default: 0] += 1
        }
    }

    /// Returns the tokenizer for the texts.
    public func train() -> Tokenizer {
        let special = specialTokens.enumerated().map {
            SpecialTokens.Token(id: Int32($0), content: Array($1.utf8), isControl: true)
        }
        var tokens: [[UInt8]?] = special.map(\.content)
        var byteTokens = [Int32?](repeating: nil, count: 256)
        // In the order of their characters, as other trainers number them.
        let bytes = (0..<256).sorted { ByteAlphabet.scalars[$0] < ByteAlphabet.scalars[$1] }
        for byte in bytes {
            byteTokens[byte] = Int32(tokens.count)
            tokens.append([UInt8(byte)])
        }
        var counts = PairCounts(
            words: pieces.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { piece in
                (piece.key.compactMap { byteTokens[Int($0)] }, piece.value)
            })
        var ids: [[UInt8]: Int32] = [:]
        for (id, token) in tokens.enumerated().dropFirst(special.count) {
            ids[token ?? []] = Int32(id)
        }
        let taken = Set(special.map(\.content))
        var merges = BytePairMerges(capacity: vocabularySize)
        while tokens.count < vocabularySize, let pair = counts.next(atLeast: minimumCount) {
            guard let left = tokens[Int(pair.left)], let right = tokens[Int(pair.right)] else {
                preconditionFailure("a pair of unknown tokens")
            }
            let whole = left + right
            // A token of this name would be the special one in the file.
            if taken.contains(Array(ByteAlphabet.token(of: whole).utf8)) {
                counts.forget(pair)
                continue
            }
            let id = ids[whole] ?? Int32(tokens.count)
            if ids.updateValue(id, forKey: whole) == nil { tokens.append(whole) }
            let isNew = merges.append(pair.left, pair.right, id: id)
            precondition(isNew, "the pair \(pair) is merged twice")
            counts.merge(pair, into: id)
        }
        return Tokenizer(
            tokens: tokens, byteTokens: byteTokens, merges: merges,
            special: SpecialTokens(special))
    }
}

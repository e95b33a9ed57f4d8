#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Log-likelihoods of given tokens.
package struct TextScorer {
    /// Returns the logits of positions of a row.
    package typealias Logits = (TextRow, Range<Int>) throws -> [[Float]]

    private let logits: Logits

    /// Creates a scorer.
    package init(logits: @escaping Logits) {
        self.logits = logits
    }

    /// Creates a scorer with a model.
    package init(model: TextModel) {
        logits = { try model.logits(of: $0, positions: $1) }
    }

    /// The score of tokens.
    package struct Score: Equatable {
        /// The sum of the natural logarithms of the tokens' probabilities.
        package var logLikelihood = 0.0
        /// True if each token is the most likely one.
        package var isGreedy = true
    }

    /// Returns the score of a continuation, which sees the prompt and itself causally.
    ///
    /// - Parameters:
    ///   - continuation: The tokens to score.
    ///   - prompt: The tokens before it; at least one.
    ///   - isBidirectional: True if the prompt's tokens see each other.
    /// - Returns: The score.
    /// - Throws: The model's error for tokens outside its vocabulary.
    package func score(
        _ continuation: [Int32], after prompt: [Int32], isBidirectional: Bool = true
    ) throws -> Score {
        precondition(!prompt.isEmpty, "a continuation without a prompt")
        guard !continuation.isEmpty else { return Score() }
        // The last token predicts nothing that is scored.
        let ids = prompt + continuation.dropLast()
        let types = ids.indices.map { Int32(isBidirectional && $0 < prompt.count ? 1 : 0) }
        let rows = try logits(
            TextRow(ids: ids, types: types), (prompt.count - 1)..<ids.count)
        var score = Score()
        for (row, id) in zip(rows, continuation) { score.add(id, row) }
        return score
    }

    /// Returns the scores of single tokens after a prompt, with one pass.
    package func scores(ofSingle tokens: [Int32], after prompt: [Int32]) throws -> [Score] {
        let last = prompt.count - 1
        let row = try logits(.prompt(prompt), last..<prompt.count)[0]
        return tokens.map { id in
            var score = Score()
            score.add(id, row)
            return score
        }
    }
}

extension TextScorer.Score {
    /// Adds a token: logit − log Σ exp(logits), in float64.
    fileprivate mutating func add(_ id: Int32, _ logits: [Float]) {
        let top = logits.max() ?? 0
        let total = logits.reduce(0.0) { $0 + exp(Double($1) - Double(top)) }
        logLikelihood += Double(logits[Int(id)]) - Double(top) - log(total)
        isGreedy = isGreedy && logits[Int(id)] == top
    }
}

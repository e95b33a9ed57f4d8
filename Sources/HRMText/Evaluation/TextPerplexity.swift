#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The perplexity of a text, read causally in overlapping windows.
package struct TextPerplexity {
    /// The result for the text so far.
    package struct Result: Equatable {
        /// The number of scored tokens.
        package var tokens = 0
        /// The number of bytes of the text in UTF-8.
        package var bytes = 0
        /// The sum of the natural logarithms of the tokens' probabilities.
        package var logLikelihood = 0.0

        /// exp(−log-likelihood / tokens).
        package var perplexity: Double { exp(-logLikelihood / Double(max(1, tokens))) }
        /// The negative log-likelihood in bits for each byte of the text.
        package var bitsPerByte: Double { -logLikelihood / log(2) / Double(max(1, bytes)) }
    }

    /// Returns the perplexity of tokens.
    ///
    /// The first window begins with `start`, which is not scored; each further window repeats the
    /// second half of the former one as context.
    ///
    /// - Parameters:
    ///   - tokens: The text's tokens.
    ///   - bytes: The text's number of bytes.
    ///   - start: The token before the text.
    ///   - context: The largest number of tokens of a window; at least 2.
    ///   - scorer: The model.
    ///   - report: Receives the number of scored tokens; returns false to stop.
    /// - Returns: The result for the scored tokens.
    /// - Throws: The model's error for tokens outside its vocabulary.
    package static func measure(
        _ tokens: [Int32], bytes: Int, start: Int32, context: Int, scorer: TextScorer,
        report: (Int) -> Bool = { _ in true }
    ) throws -> Result {
        precondition(context >= 2, "a context of \(context), expected at least 2")
        let all = [start] + tokens
        var result = Result(bytes: bytes)
        var scored = 1
        while scored < all.count {
            // As much context as leaves room for half a window of new tokens.
            let overlap = min(scored, max(1, context / 2))
            let end = min(all.count, scored + context - overlap)
            let score = try scorer.score(
                Array(all[scored..<end]), after: Array(all[(scored - overlap)..<scored]),
                isBidirectional: false)
            result.logLikelihood += score.logLikelihood
            result.tokens += end - scored
            scored = end
            guard report(result.tokens) else { break }
        }
        return result
    }
}

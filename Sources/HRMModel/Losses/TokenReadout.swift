/// A summary of the logits at the cells of one sequence.
public struct TokenReadout: Sendable, Equatable {
    /// The most likely token of each cell, `[S]`; the first one in a tie.
    public var tokens: [Int32]
    /// The uncertainty of each cell, `[S]`: the entropy of its distribution over tokens, in nats,
    /// `0` through `ln V`.
    public var entropy: [Double]
}

extension TokenReadout {
    /// Summarizes the logits of one sequence.
    ///
    /// - Parameters:
    ///   - logits: `[S, V]`, row-major.
    ///   - lossType: The distribution that the model was trained with.
    ///   - vocabularySize: `V`.
    public init(_ logits: Span<Float>, lossType: LossType, vocabularySize: Int) {
        let cells = stride(from: 0, to: logits.count, by: vocabularySize).map {
            $0..<($0 + vocabularySize)
        }
        tokens = cells.map { Int32(TokenLoss.mostLikely(logits, cell: $0)) }
        entropy = cells.map { TokenLoss.entropy(lossType, logits: logits, cell: $0) }
    }
}

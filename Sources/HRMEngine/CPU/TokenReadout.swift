import HRMModel
public import HRMTensor

/// A summary of the logits at the cells of one sequence.
public struct TokenReadout: Sendable, Equatable {
    /// The most likely token of each cell, `[S]`; the first one in a tie.
    public var tokens: [Int32]
    /// The uncertainty of each cell, `[S]`: the entropy of its distribution over tokens, in nats, `0` through
    /// `ln V`.
    public var entropy: [Double]
}

extension HierarchicalReasoningModel {
    /// Summarizes the logits of one sequence, using the distribution that the model was trained
    /// with.
    ///
    /// - Parameters:
    ///   - logits: `[n·T, V]`, float32.
    ///   - sequence: The index of the sequence.
    /// - Returns: The summary.
    public func reading(of logits: Matrix, sequence: Int) -> TokenReadout {
        let vocabulary = dimensions.vocabularySize
        let first = firstLogit(of: sequence)
        return logits.withValues { logits in
            let cells = (0..<dimensions.sequenceLength).map { cell in
                (first + cell * vocabulary)..<(first + (cell + 1) * vocabulary)
            }
            return TokenReadout(
                tokens: cells.map { Int32(TokenLoss.mostLikely(logits, cell: $0)) },
                entropy: cells.map {
                    TokenLoss.entropy(configuration.lossType, logits: logits, cell: $0)
                })
        }
    }
}

public import HRMTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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

extension TokenLoss {
    /// Returns the entropy of one cell's distribution, `−Σ p · log p`, in nats.
    ///
    /// - Parameters:
    ///   - type: The distribution.
    ///   - logits: The logits of many cells.
    ///   - cell: The `V` indices of the cell's logits.
    /// - Returns: `0` through `ln V`; NaN if a logit is NaN.
    public static func entropy(
        _ type: LossType, logits: Span<Float>, cell: Range<Int>
    ) -> Double {
        let highest = Double(logits[cell.lowerBound + mostLikely(logits, cell: cell)])
        var total = 0.0
        var weighted = 0.0
        for index in cell {
            let logit = Double(logits[index])
            let (share, logarithm) =
                switch type {
                case .stablemaxCrossEntropy: (stable(logit), log(stable(logit)))
                case .softmaxCrossEntropy: (exp(logit - highest), logit - highest)
                }
            total += share
            weighted += share * logarithm
        }
        let entropy = log(total) - weighted / total
        // Rounding must not exceed the range of an entropy.
        return entropy.isNaN ? entropy : min(max(entropy, 0), log(Double(cell.count)))
    }
}

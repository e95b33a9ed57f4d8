#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension TokenLoss {
    /// Returns the entropy of one cell's distribution, `−Σ p · log p`, in nats.
    ///
    /// - Parameters:
    ///   - type: The distribution.
    ///   - logits: The logits of many cells.
    ///   - cell: The `V` indices of the cell's logits.
    /// - Returns: `0` through `ln V`; NaN if a logit is NaN.
    package static func entropy(
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

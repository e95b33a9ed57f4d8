/// A summary of the logits at the cells of one sequence.
package struct TokenReadout: Sendable, Equatable {
    /// The most likely token of each cell, `[S]`; the first one in a tie.
    package var tokens: [Int32]
    /// The uncertainty of each cell, `[S]`: the entropy of its distribution over tokens, in nats,
    /// `0` through `ln V`.
    package var entropy: [Double]
}

extension TokenReadout {
    /// Summarizes the logits of one sequence.
    ///
    /// - Parameters:
    ///   - logits: `[S, V]`, row-major.
    ///   - lossType: The distribution that the model was trained with.
    ///   - vocabularySize: `V`.
    package init(_ logits: Span<Float>, lossType: LossType, vocabularySize: Int) {
        let cells = stride(from: 0, to: logits.count, by: vocabularySize).map {
            $0..<($0 + vocabularySize)
        }
        tokens = cells.map { Int32(TokenLoss.mostLikely(logits, cell: $0)) }
        entropy = cells.map { TokenLoss.entropy(lossType, logits: logits, cell: $0) }
    }
}

extension TokenReadout {
    /// Summarizes the outputs of one sequence in either format.
    ///
    /// With candidates, the tokens are the symbols with the highest choice, and the entropy is that
    /// of the choice among all symbols.
    ///
    /// - Parameters:
    ///   - outputs: `[S, V]` logits, or `[S, C, 3]` outputs of candidates, row-major.
    ///   - configuration: The architecture.
    ///   - vocabularySize: `V`.
    package init(_ outputs: Span<Float>, configuration: HRMConfiguration, vocabularySize: Int) {
        guard configuration.readsCandidates else {
            self.init(
                outputs, lossType: configuration.lossType, vocabularySize: vocabularySize)
            return
        }
        let symbols = configuration.symbolCount
        let choices = stride(from: 0, to: outputs.count, by: CandidateOutput.count).map {
            outputs[$0 + CandidateOutput.choice]
        }
        self.init(
            choices.span, lossType: configuration.lossType, vocabularySize: symbols)
        tokens = tokens.map { $0 + Int32(vocabularySize - symbols) }
    }
}

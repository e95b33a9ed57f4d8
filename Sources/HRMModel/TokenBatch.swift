/// A batch of puzzles in the model's input format.
package struct TokenBatch: Sendable, Equatable {
    /// Input tokens, `[B·S]`, or sets of candidates (``CandidateSets``).
    package var inputs: [Int32]
    /// The labels, `[B·S]`, with ``TokenLoss/ignoredLabel`` for cells that are not scored.
    package var labels: [Int32]
    /// Rows of the puzzle embedding, `[B]`.
    package var puzzleIdentifiers: [Int32]

    /// Creates a batch of `puzzleIdentifiers.count` sequences.
    package init(inputs: [Int32], labels: [Int32], puzzleIdentifiers: [Int32]) {
        self.inputs = inputs
        self.labels = labels
        self.puzzleIdentifiers = puzzleIdentifiers
    }
}

extension TokenBatch {
    /// Traps unless the batch fits.
    ///
    /// - Parameters:
    ///   - size: The number of sequences.
    ///   - dimensions: The dimensions of the model's puzzles.
    ///   - candidateSymbols: The number of symbols whose candidates the model reads; 0 for tokens.
    package func require(size: Int, dimensions: PuzzleDimensions, candidateSymbols: Int = 0) {
        let fault = fault(
            size: size, dimensions: dimensions, candidateSymbols: candidateSymbols)
        precondition(fault == nil, fault ?? "")
    }

    /// Returns the reason the batch does not fit; nil if it does.
    package func fault(
        size: Int, dimensions: PuzzleDimensions, candidateSymbols: Int = 0
    ) -> String? {
        guard puzzleIdentifiers.count == size, inputs.count == size * dimensions.sequenceLength,
            labels.count == inputs.count
        else {
            return "a batch of \(puzzleIdentifiers.count) identifiers, \(inputs.count) inputs and "
                + "\(labels.count) labels for \(size) sequences of \(dimensions.sequenceLength)"
        }
        let tokens = 0..<Int32(dimensions.vocabularySize)
        let accepted =
            candidateSymbols > 0 ? 0..<(CandidateSets.all(candidateSymbols) + 1) : tokens
        guard inputs.allSatisfy(accepted.contains),
            labels.allSatisfy({ $0 == TokenLoss.ignoredLabel || tokens.contains($0) })
        else { return "a token outside of \(tokens)" }
        let identifiers = 0..<Int32(dimensions.puzzleIdentifierCount)
        return puzzleIdentifiers.allSatisfy(identifiers.contains)
            ? nil : "a puzzle identifier outside of \(identifiers)"
    }
}

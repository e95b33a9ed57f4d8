extension HRMConfiguration {
    /// True if the model reads candidates rather than tokens.
    package var readsCandidates: Bool { inputEncoding == .candidates }

    /// The number of symbols whose candidates the model reads; 0 if it reads tokens.
    package var candidateSymbols: Int { readsCandidates ? symbolCount : 0 }

    /// The number of outputs at each position: `V` logits of tokens, or ``CandidateOutput/count``
    /// for each of `C` symbols.
    package func outputCount(vocabularySize: Int) -> Int {
        readsCandidates ? CandidateOutput.count * symbolCount : vocabularySize
    }

    /// The weights of the losses of a model that reads candidates.
    package var candidateLossWeights: CandidateLossWeights {
        CandidateLossWeights(
            kept: keepWeight, struck: strikeWeight, choice: choiceWeight, conflict: conflictWeight)
    }
}

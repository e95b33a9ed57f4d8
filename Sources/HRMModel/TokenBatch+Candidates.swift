extension HRMConfiguration {
    /// Returns a batch in the model's input format.
    package func encoded(_ batch: TokenBatch, vocabularySize: Int) -> TokenBatch {
        guard readsCandidates else { return batch }
        var batch = batch
        batch.inputs =
            CandidateSets(
                of: batch.inputs, symbols: symbolCount, vocabularySize: vocabularySize
            ).cells
        return batch
    }
}

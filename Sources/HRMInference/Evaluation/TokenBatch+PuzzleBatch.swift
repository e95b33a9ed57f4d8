package import HRMData
package import HRMModel

extension TokenBatch {
    /// Creates the model's input from a batch of a data set.
    package init(_ batch: PuzzleBatch) {
        self.init(
            inputs: batch.inputs, labels: batch.labels, puzzleIdentifiers: batch.puzzleIdentifiers)
    }
}

extension PuzzleDimensions {
    /// Creates the model dimensions that a data set requires.
    package init(_ metadata: DatasetMetadata) {
        self.init(
            vocabularySize: metadata.vocabularySize, sequenceLength: metadata.sequenceLength,
            puzzleIdentifierCount: metadata.puzzleIdentifierCount)
    }
}

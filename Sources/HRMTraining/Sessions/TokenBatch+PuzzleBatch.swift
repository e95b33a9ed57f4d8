public import HRMData
public import HRMModel

extension TokenBatch {
    /// A batch of a data set as the model takes it.
    public init(_ batch: PuzzleBatch) {
        self.init(
            inputs: batch.inputs, labels: batch.labels, puzzleIdentifiers: batch.puzzleIdentifiers)
    }
}

extension PuzzleDimensions {
    /// What a data set asks of a model.
    public init(_ metadata: DatasetMetadata) {
        self.init(
            vocabularySize: metadata.vocabularySize, sequenceLength: metadata.sequenceLength,
            puzzleIdentifierCount: metadata.puzzleIdentifierCount)
    }
}

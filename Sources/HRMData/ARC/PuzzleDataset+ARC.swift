extension PuzzleDataset {
    /// True if the split can only hold ARC tasks: it has no task of its own, and the tokens and the
    /// square canvas of ARC grids.
    public var hasARCTokens: Bool {
        task == nil && metadata.vocabularySize == ARCCanvas.vocabularySize
            && ARCCanvas(sequenceLength: metadata.sequenceLength) != nil
    }
}

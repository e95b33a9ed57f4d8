import HRMFiles

/// Examples that the model processes together.
package struct PuzzleBatch: Sendable, Hashable {
    /// The label of cells that are excluded from loss and metrics.
    package static let ignoredLabel: Int32 = -100

    /// The input tokens, shape `[rowCount, sequenceLength]`, row-major.
    package var inputs: [Int32]
    /// The label tokens, of the same shape; ``ignoredLabel`` where a cell does not count.
    package var labels: [Int32]
    /// The puzzle identifier of each row, `[rowCount]`.
    package var puzzleIdentifiers: [Int32]
    /// `S`, the number of tokens in a row.
    package var sequenceLength: Int
    /// The number of leading rows that are examples.
    ///
    /// The other rows are padding: pad tokens, ignored labels, the blank identifier.
    package var exampleCount: Int
    /// The number of examples in the batches of all workers.
    package var globalExampleCount: Int
    /// The name of the set that the examples belong to.
    package var setName: String

    /// `B`, the number of rows including padding.
    package var rowCount: Int { puzzleIdentifiers.count }

    /// Creates a batch from its parts.
    ///
    /// - Precondition: Inputs and labels have `puzzleIdentifiers.count · sequenceLength` tokens.
    package init(
        inputs: [Int32], labels: [Int32], puzzleIdentifiers: [Int32], sequenceLength: Int,
        exampleCount: Int, globalExampleCount: Int? = nil, setName: String = "all"
    ) {
        let tokens = puzzleIdentifiers.count * sequenceLength
        precondition(
            inputs.count == tokens && labels.count == tokens,
            "\(inputs.count) inputs and \(labels.count) labels do not fill "
                + "\(puzzleIdentifiers.count) rows of \(sequenceLength)")
        precondition(
            (0...puzzleIdentifiers.count).contains(exampleCount),
            "\(exampleCount) examples in \(puzzleIdentifiers.count) rows")
        self.inputs = inputs
        self.labels = labels
        self.puzzleIdentifiers = puzzleIdentifiers
        self.sequenceLength = sequenceLength
        self.exampleCount = exampleCount
        self.globalExampleCount = globalExampleCount ?? exampleCount
        self.setName = setName
    }
}

extension PuzzleDataset {
    /// Returns a batch of examples, padded to `rowCount` rows.
    ///
    /// - Parameters:
    ///   - examples: The examples, in the order of the rows.
    ///   - puzzles: The puzzle of each example.
    ///   - set: The index of the set in ``sets``.
    ///   - rowCount: The number of rows including padding; by default there is no padding.
    ///   - globalExampleCount: The number of examples over all workers; by default that of
    ///     `examples`.
    /// - Returns: The batch, with ``PuzzleBatch/ignoredLabel`` where labels do not count.
    /// - Precondition: There are as many puzzles as examples, and at most `rowCount`.
    package func batch(
        examples: some Collection<Int>, puzzles: some Collection<Int>, set: Int = 0,
        rowCount: Int? = nil, globalExampleCount: Int? = nil
    ) -> PuzzleBatch {
        let rows = rowCount ?? examples.count
        precondition(
            examples.count == puzzles.count && examples.count <= rows,
            "\(examples.count) examples of \(puzzles.count) puzzles for \(rows) rows")
        let arrays = sets[set]
        let length = metadata.sequenceLength
        var inputs = [Int32](repeating: Int32(metadata.padToken), count: rows * length)
        var labels = [Int32](repeating: PuzzleBatch.ignoredLabel, count: rows * length)
        for (row, example) in examples.enumerated() {
            let cells = (row * length)..<((row + 1) * length)
            arrays.inputs.copy(from: example * length, into: &inputs, at: cells)
            arrays.labels.copy(from: example * length, into: &labels, at: cells)
        }
        if let ignored = metadata.ignoredLabel {
            for index in labels.indices where Int(labels[index]) == ignored {
                labels[index] = PuzzleBatch.ignoredLabel
            }
        }
        let identifiers =
            puzzles.map { arrays.puzzleIdentifiers[$0] }
            + repeatElement(Int32(metadata.blankIdentifier), count: rows - examples.count)
        return PuzzleBatch(
            inputs: inputs, labels: labels, puzzleIdentifiers: identifiers, sequenceLength: length,
            exampleCount: examples.count, globalExampleCount: globalExampleCount,
            setName: arrays.name)
    }
}

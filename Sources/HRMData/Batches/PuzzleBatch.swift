import HRMFiles

/// Examples that go through the model together.
public struct PuzzleBatch: Sendable, Hashable {
    /// The label of cells that count for nothing.
    public static let ignoredLabel: Int32 = -100

    /// Input tokens, shape `[rowCount, sequenceLength]`, row-major.
    public var inputs: [Int32]
    /// Label tokens, of the same shape; ``ignoredLabel`` where a cell does not count.
    public var labels: [Int32]
    /// The identifier of each row's puzzle.
    public var puzzleIdentifiers: [Int32]
    /// `S`, tokens in a row.
    public var sequenceLength: Int
    /// The leading rows that are real examples; the rest is padding: pad tokens, no labels, the
    /// blank identifier.
    public var exampleCount: Int
    /// Real examples in the batches of all workers together.
    public var globalExampleCount: Int
    /// The set that the examples are from.
    public var setName: String

    /// `B`, rows with the padding.
    public var rowCount: Int { puzzleIdentifiers.count }

    /// A batch from its parts.
    ///
    /// - Precondition: Inputs and labels have `puzzleIdentifiers.count · sequenceLength` tokens.
    public init(
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
    /// Puts examples into a batch, padded to `rowCount` rows.
    ///
    /// - Parameters:
    ///   - examples: Which examples, in the order of the rows.
    ///   - puzzles: The puzzle of each of them.
    ///   - set: The set they are from, by its place in ``sets``.
    ///   - rowCount: Rows with the padding; by default there is none.
    ///   - globalExampleCount: Examples of all workers together; by default the examples given.
    /// - Returns: The batch, with ``PuzzleBatch/ignoredLabel`` where labels do not count.
    /// - Precondition: There are as many puzzles as examples, and at most `rowCount`.
    public func batch(
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

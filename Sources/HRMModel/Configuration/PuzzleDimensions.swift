/// The dimensions of a model that the data set determines.
public struct PuzzleDimensions: Sendable, Codable, Hashable {
    /// `V`, the number of different tokens.
    public var vocabularySize: Int
    /// `S`, the number of tokens in a puzzle, without the puzzle embedding's positions.
    public var sequenceLength: Int
    /// The number of rows of the puzzle embedding.
    public var puzzleIdentifierCount: Int

    /// Creates the dimensions of a data set.
    public init(vocabularySize: Int, sequenceLength: Int, puzzleIdentifierCount: Int) {
        self.vocabularySize = vocabularySize
        self.sequenceLength = sequenceLength
        self.puzzleIdentifierCount = puzzleIdentifierCount
    }

    enum CodingKeys: String, CodingKey {
        case vocabularySize = "vocab_size"
        case sequenceLength = "seq_len"
        case puzzleIdentifierCount = "num_puzzle_identifiers"
    }
}

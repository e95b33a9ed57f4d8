/// A Sudoku to be solved, together with its answer.
public struct SudokuPuzzle: Sendable, Hashable {
    /// Where the puzzle is from; a note to the reader.
    public var source: String
    /// The board with blanks.
    public var question: SudokuBoard
    /// The filled-in board.
    public var answer: SudokuBoard
    /// How hard the puzzle is by its source's own measure; ``SudokuSolver`` counts guesses.
    public var rating: Int?

    /// A puzzle from its parts.
    ///
    /// - Precondition: The boards have the same sizes.
    public init(
        source: String = "", question: SudokuBoard, answer: SudokuBoard, rating: Int? = nil
    ) {
        precondition(
            question.geometry == answer.geometry,
            "\(question.geometry.withArticle) question with \(answer.geometry.withArticle) answer")
        self.source = source
        self.question = question
        self.answer = answer
        self.rating = rating
    }

    /// The sizes of both boards.
    public var geometry: SudokuGeometry { question.geometry }
}

extension SudokuBoard {
    /// A number that equal boards share, and that different boards share hardly ever; the same in
    /// every run (FNV-1a).
    var fingerprint: UInt64 {
        cells.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}

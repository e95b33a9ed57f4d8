/// A Sudoku with its solution.
public struct SudokuPuzzle: Sendable, Hashable {
    /// The origin of the puzzle, for information.
    public var source: String
    /// The board with blanks.
    public var question: SudokuBoard
    /// The filled-in board.
    public var answer: SudokuBoard
    /// The difficulty by the source's own measure; ``SudokuSolver`` counts guesses.
    public var rating: Int?

    /// Creates a puzzle from its parts.
    ///
    /// - Precondition: The boards have the same geometry.
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

    /// The geometry of both boards.
    public var geometry: SudokuGeometry { question.geometry }
}

extension SudokuBoard {
    /// A hash (FNV-1a) that is equal for equal boards and the same in every run.
    var fingerprint: UInt64 {
        cells.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}

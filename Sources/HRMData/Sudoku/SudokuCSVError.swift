/// Why a file of Sudokus cannot be used.
public typealias SudokuCSVError = PuzzleFileError<SudokuFileProblem>

/// What can be wrong with a file of Sudokus.
public enum SudokuFileProblem: PuzzleFileProblem {
    /// The file cannot be read, or is no table of puzzles.
    case table(TableProblem)
    /// A field that is not a board.
    case board(column: String, SudokuError)
    /// An answer with blanks.
    case unfinishedAnswer(blanks: Int)
    /// An answer with a digit twice in a row, column or box.
    case invalidAnswer
    /// An answer that has another digit than the question gives.
    case contradiction(cell: Int, question: UInt8, answer: UInt8)

    /// A clause: what is wrong, and how to mend it.
    public var description: String {
        switch self {
        case .table(let problem): problem.explanation(columns: TableColumn.published)
        case .board(let column, let error): "in the \(column), \(error)"
        case .unfinishedAnswer(let blanks):
            "the answer has \(blanks) blank cells; fill in the whole solution"
        case .invalidAnswer:
            "the answer has a digit twice in a row, column or box; correct it or remove the line"
        case .contradiction(let cell, let question, let answer):
            "the question has \(question) at character \(cell + 1), the answer has \(answer); "
                + "correct one of them or remove the line"
        }
    }
}

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
    /// A question or an answer with a digit twice in a row, column or box.
    case impossible(column: String, SudokuContradiction)
    /// An answer that has another digit in a cell, counting from 1, than the question gives.
    case otherAnswer(row: Int, column: Int, question: UInt8, answer: UInt8)

    /// A clause: what is wrong, and how to mend it.
    public var description: String {
        switch self {
        case .table(let problem):
            problem.explanation(
                columns: TableColumn.published,
                answers: "'hrm solve FILE' finds answers to most Sudokus, and 'hrm prepare sudoku "
                    + "--generate' makes Sudokus that have theirs")
        case .board(let column, let error): "in the \(column), \(error)"
        case .unfinishedAnswer(let blanks):
            "the answer has \(blanks) blank cells; fill in the whole solution"
        case .impossible(let column, let contradiction):
            "in the \(column), \(contradiction)\(Self.boxes(of: contradiction)); correct it or remove "
                + "the line"
        case .otherAnswer(let row, let column, let question, let answer):
            "the question has \(question) in row \(row), column \(column), the answer has \(answer); "
                + "correct one of them or remove the line"
        }
    }

    /// The shape of the boxes where the size does not tell it: the answer may be right for the other one.
    private static func boxes(of contradiction: SudokuContradiction) -> String {
        guard case .box = contradiction.unit, !contradiction.geometry.isSquare else { return "" }
        return " with \(contradiction.geometry.boxes)"
    }
}

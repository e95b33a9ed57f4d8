import HRMFiles

/// An error in a file of Sudokus.
public typealias SudokuCSVError = PuzzleFileError<SudokuFileProblem>

/// The problems of a file of Sudokus.
public enum SudokuFileProblem: PuzzleFileProblem {
    /// The file cannot be read, or is not a table of puzzles.
    case table(TableProblem)
    /// A puzzle in JSON lacks its question or its answer, or is not one.
    case json(reason: String)
    /// A field is not a board.
    case board(column: String, SudokuError)
    /// An answer has blanks.
    case unfinishedAnswer(blanks: Int)
    /// A question or an answer has a digit twice in a row, column or box.
    case impossible(column: String, SudokuContradiction)
    /// An answer differs from a given of the question; row and column count from 1.
    case otherAnswer(row: Int, column: Int, question: UInt8, answer: UInt8)

    /// A clause that states the problem and the remedy.
    public var description: String {
        switch self {
        case .table(let problem):
            problem.explanation(
                columns: TableColumn.published,
                answers: "'hrm solve FILE' finds answers to most Sudokus, and 'hrm prepare sudoku "
                    + "--generate' makes Sudokus that have theirs")
        case .json(let reason):
            "\(reason); write {\"puzzle\": [[5,3,0,…],…], \"solution\": [[5,3,4,…],…]} for each Sudoku"
        case .board(let column, let error): "in the \(column), \(error)"
        case .unfinishedAnswer(let blanks):
            "the answer has \(blanks.counted("blank cell")); fill in the whole solution"
        case .impossible(let column, let contradiction):
            "in the \(column), \(contradiction)\(Self.boxes(of: contradiction)); correct it or remove "
                + "the line"
        case .otherAnswer(let row, let column, let question, let answer):
            "the question has \(question) in row \(row), column \(column), the answer has \(answer); "
                + "correct one of them or remove the line"
        }
    }

    /// Returns the shape of the boxes if the size does not determine it; the answer may be valid
    /// for the other one.
    private static func boxes(of contradiction: SudokuContradiction) -> String {
        guard case .box = contradiction.unit, !contradiction.geometry.isSquare else { return "" }
        return " with \(contradiction.geometry.boxes)"
    }
}

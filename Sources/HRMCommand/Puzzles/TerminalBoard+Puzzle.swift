import HRMData
import HRMFigures

extension TerminalBoard {
    /// Creates the board of a question.
    init(_ question: PuzzleQuestion) {
        self.init(question.board)
    }

    /// Creates the board of an answer, with the cells marked that break the rules.
    ///
    /// The rules of custom puzzles are unknown.
    init(_ answer: PuzzleAnswer) {
        self.init(answer.board)
        if case .grid = answer.question.task { return }
        wrong = answer.wrongCells
    }

    private init(_ board: PuzzleBoard) {
        if case .sudoku(let sudoku) = board.content {
            let geometry = sudoku.geometry
            self.init(
                size: geometry.size, boxRows: geometry.boxRows, boxColumns: geometry.boxColumns,
                cells: board.cells)
        } else {
            self.init(rows: board.rows, columns: board.columns, cells: board.cells)
        }
    }
}

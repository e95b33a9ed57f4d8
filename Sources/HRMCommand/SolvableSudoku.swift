import HRMData
import HRMFigures

/// Sudokus, a line each.
struct SolvableSudoku: SolvableTask {
    let geometry: SudokuGeometry

    func question(_ text: String) throws -> PuzzleQuestion {
        question(try SudokuBoard(parsing: text, geometry: geometry))
    }

    func question(tokens: [Int32]) throws -> PuzzleQuestion {
        question(try SudokuBoard(tokens: tokens, geometry: geometry))
    }

    private func question(_ board: SudokuBoard) -> PuzzleQuestion {
        PuzzleQuestion(
            tokens: board.tokens.map(Int32.init), picture: PuzzlePicture(board)
        ) { tokens in
            let answer = SudokuAnswer(tokens: tokens, to: board)
            return PuzzleVerdict(
                picture: PuzzlePicture(
                    answer.board, wrong: Set(answer.changedGivens + answer.conflictingCells)),
                words: answer.verdict.description, isValid: answer.verdict == .valid)
        }
    }

    func looksLikeQuestion(_ text: String) -> Bool {
        text.allSatisfy { $0 == "." || $0.isNumber }
    }
}

extension PuzzlePicture {
    /// A Sudoku with marks.
    init(_ board: SudokuBoard, wrong: Set<Int> = []) {
        self.init(
            text: board.description,
            board: TerminalBoard(
                size: board.geometry.size, boxRows: board.geometry.boxRows,
                boxColumns: board.geometry.boxColumns, cells: board.description.map(String.init),
                wrong: wrong))
    }
}

import HRMData
import HRMFigures

/// Sudokus, a line each.
struct SolvableSudoku: SolvableTask {
    let geometry: SudokuGeometry
    let isPictorial = false

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
                    answer.board, to: board,
                    wrong: Set(answer.changedGivens + answer.conflictingCells)),
                words: answer.verdict.description, isValid: answer.verdict == .valid)
        }
    }

    func looksLikeQuestion(_ text: String) -> Bool {
        text.allSatisfy { $0 == "." || $0.isNumber }
    }
}

extension PuzzlePicture {
    /// A Sudoku with marks; digits that are not the question's are blue in colours.
    init(_ board: SudokuBoard, to question: SudokuBoard? = nil, wrong: Set<Int> = []) {
        let appearance = PuzzleTask.sudoku(board.geometry).appearance
        self.init(
            text: board.description,
            board: TerminalBoard(
                size: board.geometry.size, boxRows: board.geometry.boxRows,
                boxColumns: board.geometry.boxColumns, cells: board.description.map(String.init),
                wrong: wrong),
            drawing: appearance?.picture(
                .init(board.tokens.map { Int($0) }, marked: wrong),
                given: question?.tokens.map { Int($0) }) ?? .empty)
    }
}

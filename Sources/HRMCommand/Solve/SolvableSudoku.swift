import HRMData
import HRMFigures

/// Sudokus, each in one line or drawn in as many lines as it has rows.
struct SolvableSudoku: SolvableTask {
    let geometry: SudokuGeometry
    let isPictorial = false

    /// A line that is a row of the board begins a drawing; any other is a puzzle of its own.
    ///
    /// Within a drawing, whatever has as many cells as a row is one, so that an error can say which of
    /// them is wrong.
    func nextText(from lines: inout PuzzleLines) throws -> PuzzleLines.Line? {
        guard let first = try nextRow(from: &lines) else { return nil }
        guard SudokuDrawing.cells(first.text)?.count == geometry.size else { return first }
        var rows = [first.text]
        while rows.count < geometry.size, let next = try nextRow(from: &lines) {
            guard case .row(let cells) = SudokuDrawing.line(next.text), cells.count == geometry.size
            else {
                lines.putBack(next)
                break
            }
            rows.append(next.text)
        }
        return PuzzleLines.Line(number: first.number, text: rows.joined(separator: "\n"))
    }

    private func nextRow(from lines: inout PuzzleLines) throws -> PuzzleLines.Line? {
        while let line = try lines.next() {
            if SudokuDrawing.line(line.text) != .rule { return line }
        }
        return nil
    }

    func question(_ text: String) throws -> PuzzleQuestion {
        question(try SudokuBoard(written: text, geometry: geometry))
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
        text.split(whereSeparator: \.isNewline).allSatisfy { line in
            guard case .row(let cells) = SudokuDrawing.line(line) else { return true }
            return cells.allSatisfy { $0 == "." || $0.isNumber }
        }
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

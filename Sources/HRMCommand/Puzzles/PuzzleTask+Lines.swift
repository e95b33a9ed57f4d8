import HRMData

extension PuzzleTask {
    /// Returns the next question's text, with the number of its first line; `nil` at the end.
    func nextText(from lines: inout PuzzleLines) throws -> PuzzleLines.Line? {
        switch self {
        case .sudoku(let geometry):
            var source = SudokuLines(lines: lines)
            defer { lines = source.lines }
            return try SudokuText(geometry).next(from: &source).map {
                PuzzleLines.Line(number: $0.number, text: $0.text)
            }
        case .maze(let size): return try MazeLines(size: size).next(from: &lines)
        case .grid(let task): return try GridLines(task: task).next(from: &lines)
        }
    }

    /// Returns true if an argument can only be meant as a question.
    func looksLikeQuestion(_ text: String) -> Bool {
        switch self {
        case .sudoku:
            JSONBoardFinder.begins(text)
                || text.split(whereSeparator: \.isNewline).allSatisfy { line in
                    line.allSatisfy {
                        ".|│┃║*_?-+".contains($0) || $0.isNumber || $0.isWhitespace
                    }
                }
        case .maze: text.allSatisfy { "#SG. /\n".contains($0) }
        case .grid: text.contains("/") || "[{".contains(text.prefix(1))
        }
    }

    /// True if a picture of a board is easier to read than a board of text.
    var isPictorial: Bool {
        if case .sudoku = self { false } else { true }
    }
}

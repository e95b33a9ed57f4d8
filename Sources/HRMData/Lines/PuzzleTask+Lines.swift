extension PuzzleTask {
    /// Returns the next question's text, with the number of its first line; `nil` at the end.
    ///
    /// - Parameter lines: The lines; those of the question are consumed.
    /// - Returns: The question's text.
    /// - Throws: The read error.
    package func nextText(from lines: inout PuzzleLines) throws -> PuzzleLines.Line? {
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
}

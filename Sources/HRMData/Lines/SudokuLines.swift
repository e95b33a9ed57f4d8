/// Sudokus in lines, each in one line or drawn in as many lines as it has rows.
struct SudokuLines: SudokuLineSource {
    var lines: PuzzleLines

    mutating func nextLine() throws -> SudokuText.SourceLine? {
        try lines.nextOrBlank().map { .init(number: $0.number, text: $0.text) }
    }

    mutating func putBack(_ lines: [SudokuText.SourceLine]) {
        self.lines.putBack(lines.map { .init(number: $0.number, text: $0.text) })
    }
}

/// How people draw a Sudoku: a row a line, with or without anything between boxes.
///
///     5 3 . | . 7 . | . . .        53..7....
///     6 . . | 1 9 5 | . . .        6..195...
///     . 9 8 | . . . | . 6 .        .98....6.
///     ------+-------+------        8...6...3
///     …                            …
public enum SudokuDrawing {
    /// What a line of text is within a drawing.
    public enum Line: Equatable, Sendable {
        /// The cells of a row, without what stands between them.
        case row(String)
        /// What separates rows from each other: dashes and the like, or nothing at all.
        case rule
    }

    /// Reads a line.
    ///
    /// - Parameter text: The line; whatever is no separator is a cell, if of a puzzle's characters or not.
    /// - Returns: What it is.
    public static func line(_ text: some StringProtocol) -> Line {
        let cells = text.filter { !isBetweenCells($0) }
        return cells.allSatisfy(isOfRule) ? .rule : .row(String(cells))
    }

    /// The cells of a line that has nothing but cells and what stands between them.
    ///
    /// - Parameter text: The line.
    /// - Returns: Its digits and blanks; nil when there are none, or something else is among them.
    public static func cells(_ text: some StringProtocol) -> String? {
        guard case .row(let cells) = line(text),
            cells.allSatisfy({ $0 == "." || ("0"..."9").contains($0) })
        else { return nil }
        return cells
    }

    private static func isBetweenCells(_ character: Character) -> Bool {
        character.isWhitespace || "|│┃║".contains(character)
    }

    private static func isOfRule(_ character: Character) -> Bool {
        "-=+".contains(character) || ("\u{2500}"..."\u{257F}").contains(character)
    }
}

extension SudokuBoard {
    /// Reads a puzzle as people write it: all cells in one line, or a drawing with a line for each row.
    ///
    /// - Parameters:
    ///   - text: The puzzle; a cell is a digit, or `.` or `0` where it is blank.
    ///   - geometry: The wanted sizes.
    /// - Throws: ``SudokuError`` naming the first thing that is wrong.
    public init(written text: String, geometry: SudokuGeometry) throws(SudokuError) {
        var rows: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            if case .row(let cells) = SudokuDrawing.line(line) { rows.append(cells) }
        }
        if rows.count > 1 || rows.first?.count == geometry.size {
            guard rows.count == geometry.size else {
                throw .wrongRowCount(rows.count, geometry: geometry)
            }
            if let wrong = rows.firstIndex(where: { $0.count != geometry.size }) {
                throw .wrongRow(wrong + 1, found: rows[wrong].count, geometry: geometry)
            }
        }
        try self.init(parsing: rows.joined(), geometry: geometry)
    }
}

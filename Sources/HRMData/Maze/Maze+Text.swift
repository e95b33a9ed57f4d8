import HRMFiles

extension Maze {
    /// Parses a maze with one character per cell: one row per line, `/` between rows, or all in one
    /// row.
    ///
    /// Short rows are padded with open cells, because editors often trim trailing spaces. Empty
    /// rows before the first and after the last row are ignored.
    ///
    /// - Parameters:
    ///   - text: `#`, space or `.`, `S`, `G`, `o`.
    ///   - size: The expected size; by default that of the drawing, and a square for a single row.
    /// - Throws: ``MazeError`` with the first problem.
    public init(parsing text: some StringProtocol, size: MazeSize? = nil) throws(MazeError) {
        var rows = text.split(omittingEmptySubsequences: false, whereSeparator: Self.endsRow)
        while rows.count > 1, rows.last?.isEmpty == true { rows.removeLast() }
        while rows.count > 1, rows.first?.isEmpty == true { rows.removeFirst() }
        // A row with a trailing separator is a drawing of one row.
        if rows.count > 1 || text.contains(where: Self.endsRow) {
            try self.init(drawing: rows, size: size)
        } else {
            let count = text.count
            let wanted: MazeSize
            if let size { wanted = size } else { wanted = try Self.size(ofCells: count) }
            guard count == wanted.cellCount else {
                throw .cellCount(found: count, expected: wanted)
            }
            try self.init(size: wanted, characters: text)
        }
    }

    private static func endsRow(_ character: Character) -> Bool {
        character == "/" || character.isNewline
    }

    /// Parses a drawn maze, one row per line.
    ///
    /// - Parameters:
    ///   - rows: The lines, without line feeds; short ones are padded with open cells.
    ///   - wanted: The expected size; by default that of the drawing.
    /// - Throws: ``MazeError`` with the first problem.
    public init(
        drawing rows: [some StringProtocol], size wanted: MazeSize? = nil
    ) throws(MazeError) {
        let lengths = rows.map(\.count)
        let found = MazeSize(rows: rows.count, columns: lengths.max() ?? 0)
        if let wanted, found != wanted {
            if let row = lengths.firstIndex(where: { $0 > wanted.columns }),
                found.rows == wanted.rows, lengths.contains(where: { $0 <= wanted.columns })
            {
                throw .longRow(row, length: lengths[row], size: wanted)
            }
            guard found.columns != wanted.columns else {
                throw .rowCount(found: found.rows, expected: wanted)
            }
            throw .otherSize(found: found, expected: wanted)
        }
        guard found.isAccepted else { throw .size(found) }
        var text = ""
        for (row, length) in zip(rows, lengths) {
            text += row
            text += String(repeating: " ", count: found.columns - length)
        }
        try self.init(size: found, characters: text)
    }

    /// Parses a solvable question; see ``init(parsing:size:)``.
    ///
    /// - Parameters:
    ///   - text: The maze.
    ///   - size: The expected size.
    /// - Throws: ``MazeError`` with the first problem: an invalid cell, the size, no start or
    ///   several, no goal or several, or no path between them.
    public init(question text: String, size: MazeSize) throws(MazeError) {
        try self.init(parsing: TextDecoder.plain(text), size: size)
        try checkSolvable()
    }

    private init(size: MazeSize, characters: some StringProtocol) throws(MazeError) {
        var cells: [Cell] = []
        cells.reserveCapacity(size.cellCount)
        for character in characters {
            guard let cell = Cell(character) else {
                throw .invalidCharacter(character, cell: cells.count, size: size)
            }
            cells.append(cell)
        }
        self.init(size: size, cells: cells)
    }

    /// The rows of the drawing.
    public var rows: [String] {
        (0..<size.rows).map { row in
            String(cells[(row * size.columns)..<((row + 1) * size.columns)].map(\.character))
        }
    }

    /// The drawing with one row per line; every line ends with a line feed.
    public var drawing: String { rows.map { $0 + "\n" }.joined() }
}

extension Maze: CustomStringConvertible {
    /// All cells in one row, with `.` for an open one, and `/` between the rows if the maze is not
    /// a square.
    ///
    /// Open cells are not spaces, which would be lost when lines are trimmed or split into words.
    public var description: String {
        (size.isSquare ? String(cells.map(\.character)) : rows.joined(separator: "/"))
            .replacing(" ", with: ".")
    }
}

extension Maze {
    /// Returns true if a line before a drawing is a comment rather than a row that begins with a
    /// wall.
    ///
    /// - Parameter line: The line.
    /// - Returns: True if it begins with `#` and has at least two letters or digits that are not
    ///   cells.
    public static func isComment(_ line: some StringProtocol) -> Bool {
        let text = line.drop { $0.isWhitespace }
        guard text.first == "#" else { return false }
        return text.count { ($0.isLetter || $0.isNumber) && Cell($0) == nil } >= 2
    }
}

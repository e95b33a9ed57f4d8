extension Maze {
    /// Reads a maze written in one row, a character a cell.
    ///
    /// - Parameter text: `#`, space or `.`, `S`, `G`, `o`; as many as a square has.
    /// - Throws: ``MazeError`` naming the first thing that is wrong.
    public init(parsing text: some StringProtocol) throws(MazeError) {
        let size = try Self.size(ofCells: text.count)
        try self.init(size: size, characters: text)
    }

    /// Reads a maze that is drawn, a row a line.
    ///
    /// Editors like to take spaces off the ends of lines, so a short line is filled up with open
    /// cells.
    ///
    /// - Parameter rows: The lines, without line feeds.
    /// - Throws: ``MazeError`` naming the first thing that is wrong.
    public init(drawing rows: [some StringProtocol]) throws(MazeError) {
        guard Self.sizes.contains(rows.count) else { throw .size(rows.count) }
        var text = ""
        var longest = 0
        for (index, row) in rows.enumerated() {
            let length = row.count
            guard length <= rows.count else {
                throw .longRow(index, length: length, size: rows.count)
            }
            longest = max(longest, length)
            text += row
            text += String(repeating: " ", count: rows.count - length)
        }
        guard longest == rows.count else { throw .narrow(columns: longest, rows: rows.count) }
        try self.init(size: rows.count, characters: text)
    }

    /// Reads a question: drawn, a row a line or with `/` between the rows, or all in one row.
    ///
    /// - Parameters:
    ///   - text: The maze.
    ///   - size: How many rows it is to have.
    /// - Throws: ``MazeError`` naming the first thing that is wrong.
    public init(question text: String, size: Int) throws(MazeError) {
        let isSeparator: (Character) -> Bool = { $0 == "/" || $0 == "\n" }
        if text.contains(where: isSeparator) {
            var rows = text.split(omittingEmptySubsequences: false, whereSeparator: isSeparator)
            while rows.count > size, rows.last?.isEmpty == true { rows.removeLast() }
            try self.init(drawing: rows)
        } else {
            try self.init(parsing: text)
        }
        guard self.size == size else { throw .otherSize(found: self.size, expected: size) }
        try checkQuestion()
    }

    private init(size: Int, characters: some StringProtocol) throws(MazeError) {
        var cells: [Cell] = []
        cells.reserveCapacity(size * size)
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
        (0..<size).map { row in
            String(cells[(row * size)..<((row + 1) * size)].map(\.character))
        }
    }

    /// The drawing, a row a line; every line ends with a line feed.
    public var drawing: String { rows.map { $0 + "\n" }.joined() }
}

extension Maze: CustomStringConvertible {
    /// All cells in one row, a character a cell.
    public var description: String { String(cells.map(\.character)) }
}

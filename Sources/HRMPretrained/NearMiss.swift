import HRMData

/// The difference between a line or drawing and a puzzle of one of the models.
struct NearMiss: Sendable {
    /// The line.
    let line: String
    private var kind: Kind

    private enum Kind {
        /// The complete clause.
        case clause(String)
        /// Rows of a drawing of unknown size; `isEnded` is true once a different line has followed.
        case rows(cells: Int, count: Int, isEnded: Bool)
    }

    private static let sizes = [4, 6, 9]
    /// The maximum length of lines that are shown or counted cell by cell.
    private static let longest = 400
    /// The number of rows of the largest board expected in practice.
    private static let mostRows = 25

    /// Creates the difference; nil if the line does not resemble a puzzle.
    init?(_ line: some StringProtocol, _ content: LineContent) {
        guard let kind = Self.kind(line, content) else { return nil }
        self.line = String(line)
        self.kind = kind
    }

    /// Creates the difference for a board in JSON.
    init?(board size: Int, in line: some StringProtocol) {
        guard size > 1 else { return nil }
        self.line = String(line)
        kind = .clause(Self.noModel("a board of \(size) rows and \(size) columns is written"))
    }

    /// Adds the next line, which may be a further row of the drawing.
    mutating func add(_ line: some StringProtocol, _ content: LineContent) {
        guard case .rows(let cells, let count, let isEnded) = kind else { return }
        if !isEnded, content.cells == cells, case .rows? = Self.kind(line, content) {
            kind = .rows(cells: cells, count: count + 1, isEnded: false)
        } else if clause == nil, let other = Self(line, content) {
            self = other
        } else {
            kind = .rows(cells: cells, count: count, isEnded: true)
        }
    }

    /// A clause for a sentence about the line; nil for a few digits that are not a drawing.
    var clause: String? {
        switch kind {
        case .clause(let clause): clause
        case .rows(let cells, 1, _): cells > 9 ? Self.other(count: cells) : nil
        case .rows(let cells, let count, _) where count <= Self.mostRows:
            Self.noModel("\(count) rows of \(cells) cells are drawn")
        case .rows: nil
        }
    }

    private static func noModel(_ found: String) -> String {
        "\(found), and these models are for Sudokus of 4×4, 6×6 and 9×9 cells; for others, name a model of "
            + "your own with --checkpoint"
    }

    private static func kind(
        _ line: some StringProtocol, _ content: LineContent
    ) -> Kind? {
        if content.isOfMaze, line.contains(where: { "#SG".contains($0) }) {
            return .clause("this model takes 9×9 mazes")
        }
        guard content.delimiters == 0, content.cells > 0 else { return nil }
        let count = content.cells
        if content.hasOthers {
            // Only a typing error in a board counts, not a text that contains digits.
            guard line.utf8.count <= longest else { return nil }
            let written = String(line).filter { !$0.isWhitespace && $0 != "|" }
            guard 4 * count >= 3 * written.count else { return nil }
            return slip(in: written)
        }
        guard line.contains(where: { $0 == "." || $0.isNumber }) else { return nil }
        if count <= 9 {
            let written = String(line).filter { !$0.isWhitespace && $0 != "|" }
            return sizes.contains(count)
                ? slip(in: written, size: count) : .rows(cells: count, count: 1, isEnded: false)
        }
        if line.utf8.count <= longest,
            let slip = slip(in: String(line).filter { !$0.isWhitespace && $0 != "|" })
        {
            return slip
        }
        // Rows of larger boards have this many cells.
        if count <= mostRows { return .rows(cells: count, count: 1, isEnded: false) }
        if let geometry = try? SudokuGeometry(cellCount: count), !sizes.contains(geometry.size) {
            return .clause(noModel("\(count) cells are written, those of a board of \(geometry)"))
        }
        return .clause(other(count: count))
    }

    private static func other(count: Int) -> String {
        let boards = sizes.map { $0 * $0 }
        let whole = boards.min { abs($0 - count) < abs($1 - count) } ?? 81
        return count < whole
            ? "\(count) of \(whole) cells of a Sudoku are written"
            : "\(count) cells are written, but a Sudoku has \(whole)"
    }

    /// Returns a clause about the first character that cannot be a cell of a board of a known size.
    private static func slip(in cells: String) -> Kind? {
        guard let geometry = try? SudokuGeometry(cellCount: cells.count),
            sizes.contains(geometry.size)
        else { return nil }
        do throws(SudokuError) {
            _ = try SudokuBoard(parsing: cells.map(blank).joined(), geometry: geometry)
            return nil
        } catch {
            return .clause("it looks like a Sudoku of \(cells.count) cells, but \(error)")
        }
    }

    /// Returns a clause about the first character that cannot be a cell of a row.
    private static func slip(in row: String, size: Int) -> Kind? {
        guard let geometry = try? SudokuGeometry(size: size) else { return nil }
        let rest = String(repeating: ".", count: geometry.cellCount - size)
        do throws(SudokuError) {
            _ = try SudokuBoard(parsing: row.map(blank).joined() + rest, geometry: geometry)
            return nil
        } catch {
            return .clause("it looks like a row of a \(geometry) Sudoku, but \(error)")
        }
    }

    /// Returns a dot for any of the characters for a blank cell; other characters are unchanged.
    private static func blank(_ character: Character) -> String {
        "*_?-xX".contains(character) ? "." : String(character)
    }
}

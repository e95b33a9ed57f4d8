/// A rectangle of coloured cells, each with a short text or none: a board, a maze, an ARC grid.
public struct GridPicture: Sendable, Hashable {
    /// One cell.
    public struct Cell: Sendable, Hashable {
        /// The text in the cell; may be empty.
        public var glyph: String
        /// The colour of the cell.
        public var fill: RGBColor
        /// The colour of the glyph.
        public var ink: RGBColor

        /// A cell.
        ///
        /// - Parameters:
        ///   - glyph: What is written in the cell; may be empty.
        ///   - fill: The colour of the cell.
        ///   - ink: The colour of the glyph.
        public init(_ glyph: String, fill: RGBColor, ink: RGBColor) {
            self.glyph = glyph
            self.fill = fill
            self.ink = ink
        }

        /// Indicates whether the glyph is drawn; a wall's is for terminals without colors only.
        var isLegible: Bool { !glyph.isEmpty && ink != fill }
    }

    /// Number of rows.
    public let rows: Int
    /// Number of columns.
    public let columns: Int
    /// The cells, row by row.
    public let cells: [Cell]
    /// Rows of one box, between which lines are heavy; `rows` where there are no boxes.
    public let boxRows: Int
    /// Columns of one box; `columns` where there are no boxes.
    public let boxColumns: Int
    /// Indices of the cells to point out as wrong.
    public let marked: Set<Int>
    /// Indices of the cells to point out as new.
    public let noted: Set<Int>
    /// Columns of the widest glyph.
    let glyphWidth: Int

    /// A picture.
    ///
    /// - Parameters:
    ///   - rows: Number of rows, at least 1.
    ///   - columns: Number of columns, at least 1.
    ///   - cells: The cells, row by row: `rows · columns` of them.
    ///   - boxRows: Rows of one box; nil where there are no boxes.
    ///   - boxColumns: Columns of one box; nil where there are no boxes.
    ///   - marked: Indices of the cells to point out as wrong.
    ///   - noted: Indices of the cells to point out as new.
    public init(
        rows: Int, columns: Int, cells: [Cell], boxRows: Int? = nil, boxColumns: Int? = nil,
        marked: Set<Int> = [], noted: Set<Int> = []
    ) {
        precondition(rows >= 1 && columns >= 1, "a picture of \(rows) × \(columns) cells")
        precondition(
            cells.count == rows * columns, "\(cells.count) cells do not fill \(rows) × \(columns)")
        self.rows = rows
        self.columns = columns
        self.cells = cells
        self.boxRows = boxRows ?? rows
        self.boxColumns = boxColumns ?? columns
        self.marked = marked
        self.noted = noted
        glyphWidth = cells.reduce(1) { max($0, $1.glyph.count) }
        precondition(
            self.boxRows >= 1 && self.boxColumns >= 1,
            "boxes of \(self.boxRows) × \(self.boxColumns) cells")
    }

    /// The cells of a row.
    func row(_ row: Int) -> ArraySlice<Cell> {
        cells[(row * columns)..<((row + 1) * columns)]
    }

    /// Runs of neighbours in a row with the same colour: where they begin, how many, which colour.
    func runs(inRow row: Int) -> [(start: Int, count: Int, fill: RGBColor)] {
        var runs: [(start: Int, count: Int, fill: RGBColor)] = []
        for (column, cell) in self.row(row).enumerated() {
            if let last = runs.last, last.fill == cell.fill {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((column, 1, cell.fill))
            }
        }
        return runs
    }
}

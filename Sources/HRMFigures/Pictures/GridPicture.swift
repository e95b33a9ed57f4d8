/// A rectangle of coloured cells with optional short texts: a board, a maze or an ARC grid.
public struct GridPicture: Sendable, Hashable {
    /// One cell.
    public struct Cell: Sendable, Hashable {
        /// The text in the cell; may be empty.
        public var glyph: String
        /// The colour of the cell.
        public var fill: RGBColor
        /// The colour of the glyph.
        public var ink: RGBColor

        /// Creates a cell.
        ///
        /// - Parameters:
        ///   - glyph: The text in the cell; may be empty.
        ///   - fill: The colour of the cell.
        ///   - ink: The colour of the glyph.
        public init(_ glyph: String, fill: RGBColor, ink: RGBColor) {
            self.glyph = glyph
            self.fill = fill
            self.ink = ink
        }

        /// True if the glyph is drawn; the glyph of a wall is only for terminals without colours.
        var isLegible: Bool { !glyph.isEmpty && ink != fill }
    }

    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// The cells, row by row.
    public let cells: [Cell]
    /// The number of rows of a box, separated by heavy lines; `rows` without boxes.
    public let boxRows: Int
    /// The number of columns of a box; `columns` without boxes.
    public let boxColumns: Int
    /// Indices of the cells marked as wrong.
    public let marked: Set<Int>
    /// Indices of the cells marked as new.
    public let noted: Set<Int>
    /// The width of the widest glyph in columns.
    let glyphWidth: Int

    /// Creates a picture.
    ///
    /// - Parameters:
    ///   - rows: The number of rows, at least 1.
    ///   - columns: The number of columns, at least 1.
    ///   - cells: The `rows · columns` cells, row by row.
    ///   - boxRows: The number of rows of a box; nil without boxes.
    ///   - boxColumns: The number of columns of a box; nil without boxes.
    ///   - marked: Indices of the cells marked as wrong.
    ///   - noted: Indices of the cells marked as new.
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

    /// Returns the cells of a row.
    func row(_ row: Int) -> ArraySlice<Cell> {
        cells[(row * columns)..<((row + 1) * columns)]
    }

    /// Returns the runs of equally coloured neighbours in a row: start, length and colour.
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

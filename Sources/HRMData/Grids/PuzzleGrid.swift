/// A rectangle of small symbols, such as a maze, an ARC grid or a board of a custom puzzle.
public struct PuzzleGrid: Sendable, Hashable {
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// The symbols, row by row, `[rows · columns]`.
    public private(set) var cells: [UInt8]

    /// Creates a grid from its cells.
    ///
    /// - Precondition: `cells.count == rows * columns`.
    public init(rows: Int, columns: Int, cells: [UInt8]) {
        precondition(
            rows >= 0 && columns >= 0 && cells.count == rows * columns,
            "\(cells.count) cells for a grid of [\(rows), \(columns)]")
        self.rows = rows
        self.columns = columns
        self.cells = cells
    }

    /// The symbol of a cell.
    public subscript(row: Int, column: Int) -> UInt8 {
        get { cells[index(row, column)] }
        set { cells[index(row, column)] = newValue }
    }

    /// Returns the grid with each symbol mapped.
    ///
    /// - Parameter symbol: Returns the new symbol for an old one.
    /// - Returns: A grid of the same extents.
    public func mapCells(_ symbol: (UInt8) -> UInt8) -> PuzzleGrid {
        PuzzleGrid(rows: rows, columns: columns, cells: cells.map(symbol))
    }

    /// Returns the indices of the cells that differ from the same cells of another grid.
    public func cells(differingFrom other: PuzzleGrid) -> Set<Int> {
        Set(
            cells.indices.filter { index in
                let (row, column) = (index / columns, index % columns)
                return row >= other.rows || column >= other.columns
                    || cells[index] != other[row, column]
            })
    }

    private func index(_ row: Int, _ column: Int) -> Int {
        precondition(
            row >= 0 && row < rows && column >= 0 && column < columns,
            "cell (\(row), \(column)) of a grid of [\(rows), \(columns)]")
        return row * columns + column
    }
}

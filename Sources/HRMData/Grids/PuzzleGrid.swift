/// A rectangle of small symbols, row by row: a maze, an ARC grid, a board of somebody's own puzzle.
public struct PuzzleGrid: Sendable, Hashable {
    /// Number of rows.
    public let rows: Int
    /// Number of columns.
    public let columns: Int
    /// `[rows · columns]`, row by row.
    public private(set) var cells: [UInt8]

    /// A grid of the given cells.
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

    /// The symbol at a place.
    public subscript(row: Int, column: Int) -> UInt8 {
        get { cells[index(row, column)] }
        set { cells[index(row, column)] = newValue }
    }

    /// The grid with each symbol replaced.
    ///
    /// - Parameter symbol: What takes the place of a symbol.
    /// - Returns: A grid of the same extents.
    public func mapCells(_ symbol: (UInt8) -> UInt8) -> PuzzleGrid {
        PuzzleGrid(rows: rows, columns: columns, cells: cells.map(symbol))
    }

    /// The cells that another grid does not have at the same place: indices of this one's cells.
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

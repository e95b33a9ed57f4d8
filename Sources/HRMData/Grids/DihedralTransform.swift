/// One of the eight symmetries of a square, applied to a grid; the raw value is its number in the
/// reference's data sets.
public enum DihedralTransform: Int, Sendable, Hashable, CaseIterable {
    /// Nothing changes.
    case identity
    /// Counter-clockwise by 90 degrees.
    case rotation90
    /// By 180 degrees.
    case rotation180
    /// Counter-clockwise by 270 degrees.
    case rotation270
    /// Left becomes right.
    case horizontalFlip
    /// Top becomes bottom.
    case verticalFlip
    /// Rows become columns.
    case transposition
    /// Rows become columns, both in reverse order.
    case antiTransposition

    /// The symmetry that undoes this one.
    public var inverse: DihedralTransform {
        switch self {
        case .rotation90: .rotation270
        case .rotation270: .rotation90
        default: self
        }
    }

    /// Whether rows and columns change places.
    public var swapsAxes: Bool {
        switch self {
        case .rotation90, .rotation270, .transposition, .antiTransposition: true
        case .identity, .rotation180, .horizontalFlip, .verticalFlip: false
        }
    }

    /// The symmetry that is this one, and then another.
    ///
    /// - Parameter next: The other one.
    /// - Returns: `next ∘ self`.
    public func followed(by next: DihedralTransform) -> DihedralTransform {
        // Four different cells have eight different images.
        let probe = PuzzleGrid(rows: 2, columns: 2, cells: [0, 1, 2, 3])
        let image = next.apply(to: apply(to: probe))
        return Self.allCases.first { $0.apply(to: probe) == image } ?? .identity
    }

    /// The transformed grid.
    ///
    /// - Parameter grid: Shape `[rows, columns]`.
    /// - Returns: Shape `[rows, columns]`, or `[columns, rows]` where the axes change places.
    public func apply(to grid: PuzzleGrid) -> PuzzleGrid {
        let (rows, columns) =
            swapsAxes ? (grid.columns, grid.rows) : (grid.rows, grid.columns)
        var cells: [UInt8] = []
        cells.reserveCapacity(grid.cells.count)
        for row in 0..<rows {
            for column in 0..<columns {
                let place = source(of: (row, column), rows: rows, columns: columns)
                cells.append(grid.cells[place.row * grid.columns + place.column])
            }
        }
        return PuzzleGrid(rows: rows, columns: columns, cells: cells)
    }

    /// The old cell of each cell of a transformed rectangle, row by row.
    ///
    /// - Precondition: The symmetry keeps the extents.
    func sources(rows: Int, columns: Int) -> [Int] {
        precondition(!swapsAxes || rows == columns, "\(self) of \(rows)×\(columns) cells")
        return (0..<rows).flatMap { row in
            (0..<columns).map { column in
                let old = source(of: (row, column), rows: rows, columns: columns)
                return old.row * columns + old.column
            }
        }
    }

    /// Where the symbol at a place of the transformed grid, of the given extents, was before.
    private func source(
        of place: (row: Int, column: Int), rows: Int, columns: Int
    ) -> (row: Int, column: Int) {
        let (row, column) = place
        let (lastRow, lastColumn) = (rows - 1, columns - 1)
        return switch self {
        case .identity: (row, column)
        case .rotation90: (column, lastRow - row)
        case .rotation180: (lastRow - row, lastColumn - column)
        case .rotation270: (lastColumn - column, row)
        case .horizontalFlip: (row, lastColumn - column)
        case .verticalFlip: (lastRow - row, column)
        case .transposition: (column, row)
        case .antiTransposition: (lastColumn - column, lastRow - row)
        }
    }
}

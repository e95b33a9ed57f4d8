/// One of the eight symmetries of a square, applied to a grid.
///
/// The raw value is the transform's number in the reference's data sets.
package enum DihedralTransform: Int, Sendable, Hashable, CaseIterable {
    /// No change.
    case identity
    /// A counter-clockwise rotation by 90 degrees.
    case rotation90
    /// A rotation by 180 degrees.
    case rotation180
    /// A counter-clockwise rotation by 270 degrees.
    case rotation270
    /// A flip that exchanges left and right.
    case horizontalFlip
    /// A flip that exchanges top and bottom.
    case verticalFlip
    /// A reflection at the main diagonal: rows become columns.
    case transposition
    /// A reflection at the anti-diagonal: rows become columns, both in reverse order.
    case antiTransposition

    /// The inverse transform.
    package var inverse: DihedralTransform {
        switch self {
        case .rotation90: .rotation270
        case .rotation270: .rotation90
        default: self
        }
    }

    /// True if the transform exchanges rows and columns.
    package var swapsAxes: Bool {
        switch self {
        case .rotation90, .rotation270, .transposition, .antiTransposition: true
        case .identity, .rotation180, .horizontalFlip, .verticalFlip: false
        }
    }

    /// Returns the composition of this transform and a following one.
    ///
    /// - Parameter next: The transform applied second.
    /// - Returns: `next ∘ self`.
    package func followed(by next: DihedralTransform) -> DihedralTransform {
        // Four distinct cells have eight distinct images.
        let probe = PuzzleGrid(rows: 2, columns: 2, cells: [0, 1, 2, 3])
        let image = next.apply(to: apply(to: probe))
        return Self.allCases.first { $0.apply(to: probe) == image } ?? .identity
    }

    /// Returns the transformed grid.
    ///
    /// - Parameter grid: A grid of shape `[rows, columns]`.
    /// - Returns: A grid of shape `[rows, columns]`, or `[columns, rows]` if the axes are
    ///   exchanged.
    package func apply(to grid: PuzzleGrid) -> PuzzleGrid {
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

    /// Returns the source cell of each cell of a transformed rectangle, row by row.
    ///
    /// - Precondition: The transform keeps the extents.
    func sources(rows: Int, columns: Int) -> [Int] {
        precondition(!swapsAxes || rows == columns, "\(self) of \(rows)×\(columns) cells")
        return (0..<rows).flatMap { row in
            (0..<columns).map { column in
                let old = source(of: (row, column), rows: rows, columns: columns)
                return old.row * columns + old.column
            }
        }
    }

    /// Returns the source of a cell of the transformed grid, which has the given extents.
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

package import HRMData

/// The numbers of rows and columns of a grid.
package struct GridSize: Sendable, Hashable {
    /// The number of rows.
    package var rows: Int
    /// The number of columns.
    package var columns: Int

    /// Creates a size.
    package init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    /// The size of a grid.
    package init(_ grid: PuzzleGrid) {
        self.init(rows: grid.rows, columns: grid.columns)
    }

    /// The smallest size that contains all sizes; each direction on its own.
    package static func bound(_ sizes: [GridSize]) -> GridSize {
        sizes.reduce(GridSize(rows: 0, columns: 0)) {
            GridSize(rows: max($0.rows, $1.rows), columns: max($0.columns, $1.columns))
        }
    }
}

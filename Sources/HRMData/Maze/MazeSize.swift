/// The rows and columns of a maze.
///
/// An integer literal is a square: `MazeSize(rows: 9, columns: 9) == 9`.
public struct MazeSize: Sendable, Hashable {
    /// Cells of a column.
    public var rows: Int
    /// Cells of a row.
    public var columns: Int

    /// A rectangle.
    public init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    /// A square.
    public static func square(_ side: Int) -> Self { Self(rows: side, columns: side) }

    /// The number of cells.
    public var cellCount: Int { rows * columns }
    /// The longer side.
    public var longerSide: Int { max(rows, columns) }
    /// Whether there are as many rows as columns.
    public var isSquare: Bool { rows == columns }
    /// Whether mazes of this size are accepted.
    public var isAccepted: Bool { Maze.sizes.contains(rows) && Maze.sizes.contains(columns) }

    /// The symmetries after which a maze has this size again: all eight of a square, four of another
    /// rectangle.
    var symmetries: [DihedralTransform] {
        DihedralTransform.allCases.filter { isSquare || !$0.swapsAxes }
    }

    /// The size after a symmetry.
    func transformed(by transform: DihedralTransform) -> Self {
        transform.swapsAxes ? Self(rows: columns, columns: rows) : self
    }

    /// Where a cell is, counting from 1.
    func place(of cell: Int) -> String {
        "row \(cell / columns + 1), column \(cell % columns + 1)"
    }
}

extension MazeSize: ExpressibleByIntegerLiteral {
    /// A square.
    public init(integerLiteral side: Int) {
        self = .square(side)
    }
}

extension MazeSize: CustomStringConvertible {
    /// Rows and columns, such as "9×12".
    public var description: String { "\(rows)×\(columns)" }
}

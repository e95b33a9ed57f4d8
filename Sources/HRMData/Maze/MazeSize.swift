/// The numbers of rows and columns of a maze.
///
/// An integer literal is a square: `MazeSize(rows: 9, columns: 9) == 9`.
public struct MazeSize: Sendable, Hashable {
    /// The number of rows.
    public var rows: Int
    /// The number of columns.
    public var columns: Int

    /// Creates the size of a rectangle.
    public init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    /// Returns the size of a square.
    public static func square(_ side: Int) -> Self { Self(rows: side, columns: side) }

    /// The number of cells.
    public var cellCount: Int { rows * columns }
    /// The length of the longer side.
    public var longerSide: Int { max(rows, columns) }
    /// True if there are as many rows as columns.
    public var isSquare: Bool { rows == columns }
    /// True if mazes of this size are supported.
    public var isAccepted: Bool { Maze.sizes.contains(rows) && Maze.sizes.contains(columns) }

    /// The transforms that keep this size: all eight of a square, four of another rectangle.
    var symmetries: [DihedralTransform] {
        DihedralTransform.allCases.filter { isSquare || !$0.swapsAxes }
    }

    /// Returns the size after a transform.
    func transformed(by transform: DihedralTransform) -> Self {
        transform.swapsAxes ? Self(rows: columns, columns: rows) : self
    }

    /// Returns the position of a cell in words, counting from 1.
    func place(of cell: Int) -> String {
        "row \(cell / columns + 1), column \(cell % columns + 1)"
    }
}

extension MazeSize: ExpressibleByIntegerLiteral {
    /// Creates the size of a square.
    public init(integerLiteral side: Int) {
        self = .square(side)
    }
}

extension MazeSize: CustomStringConvertible {
    /// The size, such as "9×12".
    public var description: String { "\(rows)×\(columns)" }
}

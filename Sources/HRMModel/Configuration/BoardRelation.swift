/// The cells that a cell of a board reads in blocks with relations.
public enum BoardRelation: String, Sendable, Codable, Hashable, CaseIterable {
    /// The row of the cell.
    case row
    /// The column of the cell.
    case column
    /// The cell's box of a square board: boxes have as many cells as a row, at least as wide as
    /// high, and as square as possible, as in a Sudoku.
    case box
    /// The cell's box, for boxes higher than wide: rows and columns of ``box`` exchanged.
    case tallBox = "tall_box"
    /// The cells above, below, left and right of it.
    case neighbours
    /// The cells left and right of it.
    case horizontal
    /// The cells above and below it.
    case vertical
    /// The cell left of it.
    case left
    /// The cell right of it.
    case right
    /// The cell above it.
    case up
    /// The cell below it.
    case down
    /// The whole board.
    case global

    /// The former name of ``global``, which files of earlier versions contain.
    private static let formerGlobal = "board"

    /// Creates the relation of a name; "board" is the former name of ``global``.
    ///
    /// - Returns: Nil if no relation has the name.
    public init?(rawValue: String) {
        let name = rawValue == Self.formerGlobal ? Self.global.rawValue : rawValue
        guard let relation = Self.allCases.first(where: { $0.rawValue == name }) else { return nil }
        self = relation
    }

    /// True if only square boards have such groups.
    var requiresSquare: Bool { self == .box || self == .tallBox }

    /// Returns the groups of a board.
    ///
    /// - Parameters:
    ///   - rows: The number of rows.
    ///   - columns: The number of cells in a row.
    /// - Returns: The group that each cell reads; cells are numbered row by row.
    /// - Precondition: Boards with boxes are square.
    package func groups(rows: Int, columns: Int) -> CellGroups {
        let cells = (0..<(rows * columns)).map { (row: $0 / columns, column: $0 % columns) }
        func neighbours(_ offsets: [(rows: Int, columns: Int)]) -> CellGroups {
            .neighbours(rows: rows, columns: columns, at: offsets)
        }
        switch self {
        case .row: return .init(classes: cells.map(\.row))
        case .column: return .init(classes: cells.map(\.column))
        case .global: return .init(classes: cells.map { _ in 0 })
        case .box, .tallBox:
            precondition(rows == columns, "boxes of a board of [\(rows), \(columns)]")
            let least = Self.boxRows(side: rows)
            let height = self == .box ? least : rows / least
            let width = columns / height
            return .init(
                classes: cells.map { $0.row / height * (columns / width) + $0.column / width })
        case .neighbours: return neighbours([(-1, 0), (0, -1), (0, 1), (1, 0)])
        case .horizontal: return neighbours([(0, -1), (0, 1)])
        case .vertical: return neighbours([(-1, 0), (1, 0)])
        case .left: return neighbours([(0, -1)])
        case .right: return neighbours([(0, 1)])
        case .up: return neighbours([(-1, 0)])
        case .down: return neighbours([(1, 0)])
        }
    }

    /// Returns the greatest divisor of `side` that is not above its square root.
    static func boxRows(side: Int) -> Int {
        (1...max(1, side)).last { side.isMultiple(of: $0) && $0 * $0 <= side } ?? 1
    }
}

extension CellGroups {
    /// Returns the relation to the cells at given offsets, where those are on the board.
    fileprivate static func neighbours(
        rows: Int, columns: Int, at offsets: [(rows: Int, columns: Int)]
    ) -> Self {
        let groups = (0..<(rows * columns)).map { cell in
            offsets
                .map { (row: cell / columns + $0.rows, column: cell % columns + $0.columns) }
                .filter { (0..<rows).contains($0.row) && (0..<columns).contains($0.column) }
                .map { $0.row * columns + $0.column }
        }
        return Self(groups: groups, group: Array(groups.indices))
    }
}

extension HRMConfiguration {
    /// Returns the groups of the relations, in their order.
    ///
    /// - Parameter positions: `T`, the cells of a board if there are relations.
    /// - Returns: The groups of each relation.
    package func cellGroups(positions: Int) -> [CellGroups] {
        let (rows, columns) = board(of: positions) ?? (0, 0)
        return relations.map { $0.groups(rows: rows, columns: columns) }
    }

    /// Returns the number of rows and columns of a board with ``boardColumns`` cells in a row, or
    /// of a square one without; nil if the positions do not form such a board.
    func board(of positions: Int) -> (rows: Int, columns: Int)? {
        let columns =
            boardColumns > 0 ? boardColumns : Int(Double(positions).squareRoot().rounded())
        guard columns > 0, positions.isMultiple(of: columns),
            boardColumns > 0 || positions / columns == columns
        else { return nil }
        return (positions / columns, columns)
    }
}

/// The cells that a cell of a square board reads in blocks with relations.
public enum BoardRelation: String, Sendable, Codable, Hashable, CaseIterable {
    /// Its row.
    case row
    /// Its column.
    case column
    /// Its box: boxes have as many cells as a row, at least as wide as high, and as square as
    /// possible, as in a Sudoku.
    case box
    /// Its box, for boxes higher than wide: rows and columns of ``box`` exchanged.
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
    case board

    /// Returns the groups of a board.
    ///
    /// - Parameter side: The number of cells in a row.
    /// - Returns: The group that each cell reads; cells are numbered row by row.
    public func groups(side: Int) -> CellGroups {
        let cells = (0..<(side * side)).map { (row: $0 / side, column: $0 % side) }
        switch self {
        case .row: return .init(classes: cells.map(\.row))
        case .column: return .init(classes: cells.map(\.column))
        case .board: return .init(classes: cells.map { _ in 0 })
        case .box, .tallBox:
            let least = Self.boxRows(side: side)
            let rows = self == .box ? least : side / least
            let columns = side / rows
            return .init(
                classes: cells.map { $0.row / rows * (side / columns) + $0.column / columns })
        case .neighbours: return .neighbours(side: side, at: [(-1, 0), (0, -1), (0, 1), (1, 0)])
        case .horizontal: return .neighbours(side: side, at: [(0, -1), (0, 1)])
        case .vertical: return .neighbours(side: side, at: [(-1, 0), (1, 0)])
        case .left: return .neighbours(side: side, at: [(0, -1)])
        case .right: return .neighbours(side: side, at: [(0, 1)])
        case .up: return .neighbours(side: side, at: [(-1, 0)])
        case .down: return .neighbours(side: side, at: [(1, 0)])
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
        side: Int, at offsets: [(rows: Int, columns: Int)]
    ) -> Self {
        let board = 0..<side
        let groups = (0..<(side * side)).map { cell in
            offsets
                .map { (row: cell / side + $0.rows, column: cell % side + $0.columns) }
                .filter { board.contains($0.row) && board.contains($0.column) }
                .map { $0.row * side + $0.column }
        }
        return Self(groups: groups, group: Array(groups.indices))
    }
}

extension HRMConfiguration {
    /// Returns the groups of the relations, in their order.
    ///
    /// - Parameter positions: `T`, a square number if there are relations.
    public func cellGroups(positions: Int) -> [CellGroups] {
        let side = Self.side(of: positions)
        return relations.map { $0.groups(side: side) }
    }

    /// Returns the number of cells in a row of a square board; 0 if the positions do not form a
    /// square.
    static func side(of positions: Int) -> Int {
        let side = Int(Double(positions).squareRoot().rounded())
        return side * side == positions ? side : 0
    }
}

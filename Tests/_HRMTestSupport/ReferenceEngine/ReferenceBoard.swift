import HRMModel

/// A square board of cells, and the cells that each of them reads by a relation.
struct ReferenceBoard {
    /// The number of cells in a row.
    let side: Int

    /// A board of `cells` cells.
    init(cells: Int) {
        side = (0...cells).first { $0 * $0 == cells } ?? 0
        precondition(side * side == cells, "\(cells) cells are not a square")
    }

    /// The cells that a cell reads.
    func cells(seenFrom cell: Int, by relation: BoardRelation) -> [Int] {
        (0..<(side * side)).filter { sees(cell, $0, by: relation) }
    }

    /// True if the first cell reads the second.
    private func sees(_ cell: Int, _ other: Int, by relation: BoardRelation) -> Bool {
        let right = other % side - cell % side
        let down = other / side - cell / side
        switch relation {
        case .board: return true
        case .row: return down == 0
        case .column: return right == 0
        case .box: return sharesBox(cell, other, rows: boxRows, columns: side / boxRows)
        case .tallBox: return sharesBox(cell, other, rows: side / boxRows, columns: boxRows)
        case .left: return (right, down) == (-1, 0)
        case .right: return (right, down) == (1, 0)
        case .up: return (right, down) == (0, -1)
        case .down: return (right, down) == (0, 1)
        case .horizontal: return abs(right) == 1 && down == 0
        case .vertical: return right == 0 && abs(down) == 1
        case .neighbours: return abs(right) + abs(down) == 1
        }
    }

    private func sharesBox(_ cell: Int, _ other: Int, rows: Int, columns: Int) -> Bool {
        cell / side / rows == other / side / rows
            && cell % side / columns == other % side / columns
    }

    /// The height of a box that is at least as wide as high, and as square as possible.
    private var boxRows: Int {
        (1...max(1, side)).last { side % $0 == 0 && $0 <= side / $0 } ?? 1
    }
}

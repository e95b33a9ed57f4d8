import HRMModel

/// A board of cells, numbered row by row, and the cells that each of them reads by a relation.
struct ReferenceBoard {
    /// The number of rows.
    let rows: Int
    /// The number of cells in a row.
    let columns: Int

    /// A board of `cells` cells.
    ///
    /// - Parameters:
    ///   - cells: The number of cells.
    ///   - columns: The number of cells in a row; 0 for a square board.
    init(cells: Int, columns: Int = 0) {
        let side = (0...cells).first { $0 * $0 == cells } ?? 0
        self.columns = columns > 0 ? columns : side
        rows = cells / max(1, self.columns)
        precondition(rows * self.columns == cells, "\(cells) cells in rows of \(self.columns)")
    }

    /// The cells that a cell reads.
    func cells(seenFrom cell: Int, by relation: BoardRelation) -> [Int] {
        (0..<(rows * columns)).filter { sees(cell, $0, by: relation) }
    }

    /// True if the first cell reads the second.
    private func sees(_ cell: Int, _ other: Int, by relation: BoardRelation) -> Bool {
        let right = other % columns - cell % columns
        let down = other / columns - cell / columns
        switch relation {
        case .global: return true
        case .row: return down == 0
        case .column: return right == 0
        case .box: return sharesBox(cell, other, height: boxHeight, width: rows / boxHeight)
        case .tallBox: return sharesBox(cell, other, height: rows / boxHeight, width: boxHeight)
        case .left: return (right, down) == (-1, 0)
        case .right: return (right, down) == (1, 0)
        case .up: return (right, down) == (0, -1)
        case .down: return (right, down) == (0, 1)
        case .horizontal: return abs(right) == 1 && down == 0
        case .vertical: return right == 0 && abs(down) == 1
        case .neighbours: return abs(right) + abs(down) == 1
        }
    }

    private func sharesBox(_ cell: Int, _ other: Int, height: Int, width: Int) -> Bool {
        cell / columns / height == other / columns / height
            && cell % columns / width == other % columns / width
    }

    /// The height of a square board's boxes, which are at least as wide as high, and as square as
    /// possible.
    private var boxHeight: Int {
        (1...max(1, rows)).last { rows % $0 == 0 && $0 <= rows / $0 } ?? 1
    }
}

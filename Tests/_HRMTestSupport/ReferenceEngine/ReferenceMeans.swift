import HRMModel

/// The means that a block's SwiGLU reads beside its own row: each is a constant matrix that turns
/// the rows of a sequence, one per symbol of each position, into their means.
struct ReferenceMeans {
    /// One matrix `[T·C, T·C]` per mean.
    let matrices: [Variable]

    /// The means of a sequence: that over the symbols of a position, then one per relation.
    ///
    /// The sum over a group is divided by the size of the relation's largest group.
    ///
    /// - Parameters:
    ///   - positions: `T`.
    ///   - symbols: `C`, or 1.
    ///   - relations: The relations between the cells.
    ///   - columns: The number of cells in a row of the board; 0 for a square board.
    init(positions: Int, symbols: Int, relations: [BoardRelation], columns: Int = 0) {
        let count = positions * symbols
        func matrix(_ share: Double, _ reads: (_ row: Int, _ other: Int) -> Bool) -> Variable {
            let values = (0..<count).flatMap { row in
                (0..<count).map { reads(row, $0) ? share : 0 }
            }
            return Variable(PlainMatrix(values, rows: count, columns: count))
        }
        var matrices: [Variable] = []
        if symbols > 1 {
            matrices.append(
                matrix(1 / Double(symbols)) { $0 / symbols == $1 / symbols })
        }
        for relation in relations {
            let board = ReferenceBoard(cells: positions, columns: columns)
            let seen = (0..<positions).map { Set(board.cells(seenFrom: $0, by: relation)) }
            let largest = max(1, seen.map(\.count).max() ?? 1)
            matrices.append(
                matrix(1 / Double(largest)) { row, other in
                    row % symbols == other % symbols
                        && seen[row / symbols].contains(other / symbols)
                })
        }
        self.matrices = matrices
    }

    /// Each row followed by the means that it reads, `[T·C, d·(1 + means)]`.
    func beside(_ rows: Variable) -> Variable {
        Variable.joined([rows] + matrices.map { $0.timesTransposed(rows.transposed) })
    }
}

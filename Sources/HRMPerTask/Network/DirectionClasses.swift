/// The matrices that pairs of directions share because of the symmetries of the canvas.
package enum DirectionClasses {
    /// Returns the number of the matrix from direction `from` to direction `to`, `[to][from]`.
    ///
    /// A tensor with both rows and columns, or neither, has the symmetries of the square: a
    /// quarter turn and mirroring leave the matrix unchanged. One with rows alone has only the half
    /// turn and the mirror images of rows; one with columns has the matrices of the one with rows,
    /// mirrored at the diagonal.
    package static func table(_ kind: AxisSet) -> [[Int]] {
        switch (kind.contains(.row), kind.contains(.column)) {
        case (true, false): rows
        case (false, true): mirrored(rows)
        default: square
        }
    }

    /// Returns the number of matrices of a tensor.
    static func count(_ kind: AxisSet) -> Int { (table(kind).joined().max() ?? 0) + 1 }

    private static let square = (0..<8).map { to in
        (0..<8).map { from in
            let step = (from - to + 8) % 8
            return 5 * (to % 2) + min(step, 8 - step)
        }
    }

    /// Numbered by first appearance, row by row.
    private static let rows: [[Int]] = {
        var table = [[Int]](repeating: Array(repeating: -1, count: 8), count: 8)
        var count = 0
        for to in 0..<8 {
            for from in 0..<8 where table[to][from] < 0 {
                for (a, b) in [(to, from), (-to, -from), (4 - to, 4 - from), (4 + to, 4 + from)] {
                    table[(a + 16) % 8][(b + 16) % 8] = count
                }
                count += 1
            }
        }
        return table
    }()

    private static func mirrored(_ table: [[Int]]) -> [[Int]] {
        (0..<8).map { to in (0..<8).map { from in table[(10 - to) % 8][(10 - from) % 8] } }
    }
}

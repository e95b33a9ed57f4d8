package import HRMFiles

extension PuzzleGrid {
    /// The grid as a list of rows of numbers.
    package var jsonRows: JSONValue {
        .list(
            (0..<rows).map { row in
                .list((0..<columns).map { .integer(Int(self[row, $0])) })
            })
    }
}

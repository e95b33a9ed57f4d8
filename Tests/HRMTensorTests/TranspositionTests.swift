import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct TranspositionTests {
    /// Sizes around whole vectors of every path, and views with gaps between their rows.
    @Test(
        arguments: [(1, 1), (1, 33), (4, 4), (5, 3), (16, 16), (17, 31), (97, 65), (64, 128)],
        Precision.allCases)
    func rowsBecomeColumns(shape: (rows: Int, columns: Int), precision: Precision) {
        var generator = SeededGenerator(seed: 191)
        let (rows, columns) = (shape.rows, shape.columns)
        let values = generator.values(rows * columns).map { precision.rounded($0) }
        let whole = Matrix(rows: rows, columns: columns + 3, precision: precision)
        let input = whole.columns(1..<(columns + 1))
        input.assign(Matrix(values, rows: rows, columns: columns, precision: precision))
        let frame = Matrix(
            [Float](repeating: 7, count: (columns + 2) * (rows + 2)), rows: columns + 2,
            columns: rows + 2, precision: precision)
        let output = frame.rows(1..<(columns + 1)).columns(1..<(rows + 1))
        Transposition.of(input, into: output)
        var expected = [Float](repeating: 7, count: (columns + 2) * (rows + 2))
        for i in 0..<rows {
            for j in 0..<columns {
                expected[(j + 1) * (rows + 2) + i + 1] = values[i * columns + j]
            }
        }
        #expect(frame.values == expected)
    }

    @Test func anotherShapeTraps() async {
        await #expect(processExitsWith: .failure) {
            Transposition.of(Matrix(rows: 2, columns: 3), into: Matrix(rows: 2, columns: 3))
        }
        await #expect(processExitsWith: .failure) {
            Transposition.of(
                Matrix(rows: 2, columns: 3), into: Matrix(rows: 3, columns: 2, precision: .bfloat16)
            )
        }
    }
}

import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct NewtonSchulzTests {
    private static let shapes = [
        (1, 1), (1, 7), (7, 1), (3, 5), (5, 3), (8, 8), (13, 33), (33, 13), (17, 64), (40, 16),
    ]

    private static func orthogonalized(
        _ values: [Float], rows: Int, columns: Int, iterations: Int = 5
    ) -> [Float] {
        let matrix = FramedMatrix(values, rows: rows, columns: columns, columnMargin: 0)
        // The previous content of the memory does not matter.
        let memory = NewtonSchulz(rows: rows, columns: columns)
        let scratch = Scratch()
        let other = Matrix(values.map { 3 - $0 }, rows: rows, columns: columns)
        memory.orthogonalize(other, iterations: 2, scratch: scratch)
        memory.orthogonalize(matrix.view, iterations: iterations, scratch: scratch)
        matrix.expectIntact("[\(rows), \(columns)]")
        return matrix.view.values
    }

    /// The iteration, compared with float64.
    ///
    /// The iteration amplifies small values, and rounding errors with them, by up to 3.45 per
    /// round.
    @Test(arguments: shapes, [1, 3, 5])
    func followsTheFormula(shape: (rows: Int, columns: Int), iterations: Int) {
        var generator = SeededGenerator(seed: 401)
        for scale: Float in [1, 1e-12, 1e12] {
            let values = generator.values(shape.rows * shape.columns, scale: scale)
            let expected = PlainMatrix(
                values.map(Double.init), rows: shape.rows, columns: shape.columns
            ).orthogonalized(iterations: iterations)
            expectClose(
                Self.orthogonalized(
                    values, rows: shape.rows, columns: shape.columns, iterations: iterations
                ).map(Double.init), expected.values, Tolerance(absolute: 2e-4),
                "[\(shape.rows), \(shape.columns)] times \(scale), \(iterations) iterations")
        }
    }

    /// Every direction of the shorter side is scaled to about 1, whatever its scale was before.
    @Test(arguments: [(8, 40), (40, 8), (16, 64)])
    func theResultIsNearlyOrthogonal(shape: (rows: Int, columns: Int)) {
        var generator = SeededGenerator(seed: 402)
        let (short, long) = (min(shape.rows, shape.columns), max(shape.rows, shape.columns))
        // Singular values that differ by a factor of 20.
        let rows = (0..<short).flatMap { row in
            generator.values(long, scale: 1 + 19 * Float(row) / Float(short - 1))
        }
        let wide = PlainMatrix(rows.map(Double.init), rows: short, columns: long)
        let start = shape.rows == short ? wide : wide.transposed
        let found = PlainMatrix(
            Self.orthogonalized(
                start.values.map { Float($0) }, rows: shape.rows, columns: shape.columns
            ).map(Double.init), rows: shape.rows, columns: shape.columns)
        let flat = shape.rows == short ? found : found.transposed
        for index in 0..<(short + 200) {
            let direction =
                index < short
                ? (0..<short).map { $0 == index ? 1 : 0 }
                : generator.values(short).map(Double.init)
            let vector = PlainMatrix(direction, rows: 1, columns: short)
            let stretch = vector.times(flat).norm / vector.norm
            #expect(stretch > 0.66 && stretch < 1.24, "direction \(index): \(stretch)")
        }
    }

    @Test func nothingHasNoDirection() {
        let zeros = [Float](repeating: 0, count: 12)
        #expect(Self.orthogonalized(zeros, rows: 3, columns: 4) == zeros)
        #expect(Self.orthogonalized(zeros, rows: 4, columns: 3) == zeros)
    }

    @Test func otherShapesTrap() async {
        await #expect(processExitsWith: .failure) {
            NewtonSchulz(rows: 3, columns: 4).orthogonalize(
                Matrix(rows: 4, columns: 3), iterations: 1, scratch: Scratch())
        }
    }
}

@Suite struct ScaledSumTests {
    @Test func bothFactorsCount() {
        var generator = SeededGenerator(seed: 403)
        for columns in oddSizes {
            let (a, b) = (generator.values(3 * columns), generator.values(3 * columns))
            let target = FramedMatrix(a, rows: 3, columns: columns)
            let values = FramedMatrix(b, rows: 3, columns: columns)
            ScaledSum.update(target.view, scale: -0.5, adding: values.view, times: 3)
            expectClose(
                target.view.values, zip(a, b).map { -0.5 * $0 + 3 * $1 },
                Tolerance(absolute: 8 * roundoff), "\(columns) columns")
            #expect(values.view.values == b)
        }
    }
}

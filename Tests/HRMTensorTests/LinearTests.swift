import HRMTensor
import Testing
import _HRMTestSupport

/// Products and their fused operations, against float64.
@Suite struct LinearTests {
    /// Returns a float32 weight surrounded by NaN, and its packed copy.
    static func weight(
        outputs: Int, inputs: Int, precision: Precision, layout: PackedWeight.Layout = .plain,
        using generator: inout SeededGenerator
    ) -> (packed: PackedWeight, table: Table) {
        let master = FramedMatrix.input(rows: outputs, columns: inputs, using: &generator)
        let packed = PackedWeight(
            outputs: outputs, inputs: inputs, precision: precision, layout: layout)
        packed.pack(master)
        return (packed, Table(master).rounded(to: precision))
    }

    @Test(arguments: Precision.allCases)
    func aProductWithBiasIsRightAtEverySize(precision: Precision) {
        var generator = SeededGenerator(seed: 1)
        let scratch = Scratch()
        for outputs in oddSizes {
            for inputs in [1, 3, 7, 8, 13, 17, 33] {
                let (packed, w) = Self.weight(
                    outputs: outputs, inputs: inputs, precision: precision, using: &generator)
                let bias = FramedMatrix.input(rows: 1, columns: outputs, using: &generator)
                for rows in tileRows {
                    let x = FramedMatrix.input(
                        rows: rows, columns: inputs, precision: precision, using: &generator)
                    var expected = Table(x).timesTransposed(w)
                    let name = "\(precision) [\(rows), \(inputs)] · [\(outputs), \(inputs)]ᵀ"
                    let withBias = rows.isMultiple(of: 2)
                    if withBias {
                        let b = Table(bias)
                        for i in 0..<rows {
                            for j in 0..<outputs { expected[i, j] += b[0, j] }
                        }
                    }
                    // The result is float32 for bfloat16 input, or in the input's format.
                    let stored = rows % 3 == 0 ? Precision.float32 : precision
                    let y = FramedMatrix(rows: rows, columns: outputs, precision: stored)
                    Linear.forward(
                        x, packed, bias: withBias ? bias : nil, into: y.view, scratch: scratch)
                    expectClose(
                        y.view.values.map(Double.init), expected.values,
                        .sum(depth: inputs, stored: stored), name)
                    y.expectIntact(name)
                }
            }
        }
    }

    /// More rows than in one block of the product, and a depth for which a block is small.
    @Test(arguments: Precision.allCases, [(97, 5, 3), (200, 17, 1), (31, 3, 4100)])
    func productsOfManyRowsAreRight(precision: Precision, shape: (Int, Int, Int)) {
        let (rows, outputs, inputs) = shape
        var generator = SeededGenerator(seed: 2)
        let (packed, w) = Self.weight(
            outputs: outputs, inputs: inputs, precision: precision, using: &generator)
        let x = FramedMatrix.input(
            rows: rows, columns: inputs, precision: precision, using: &generator)
        let y = FramedMatrix(rows: rows, columns: outputs)
        Linear.forward(x, packed, into: y.view, scratch: Scratch())
        // Partial sums grow like the square root of the depth.
        let scale = Double(inputs).squareRoot()
        expectClose(
            y.view.values.map(Double.init), Table(x).timesTransposed(w).values,
            Tolerance(absolute: 4 * roundoff * (scale + 2) * (scale + 2)), "\(shape)")
        y.expectIntact("\(shape)")
    }

    /// A product without rows writes nothing.
    @Test func aProductOfNoRowsWritesNothing() {
        var generator = SeededGenerator(seed: 3)
        let (packed, _) = Self.weight(
            outputs: 5, inputs: 3, precision: .float32, using: &generator)
        let y = FramedMatrix(rows: 0, columns: 5)
        Linear.forward(Matrix(rows: 0, columns: 3), packed, into: y.view, scratch: Scratch())
        y.expectIntact("no rows")
    }

    @Test(arguments: Precision.allCases)
    func aSumIsRightAlsoInPlaceAndInStridedRows(precision: Precision) {
        var generator = SeededGenerator(seed: 4)
        let scratch = Scratch()
        for outputs in oddSizes {
            for (inputs, step) in [(1, 1), (5, 3), (16, 2), (19, 1)] {
                let (packed, w) = Self.weight(
                    outputs: outputs, inputs: inputs, precision: precision, using: &generator)
                for rows in [1, 4, 7, 13] {
                    let name = "\(precision) rows \(rows) every \(step), \(outputs) × \(inputs)"
                    let x = FramedMatrix.input(
                        rows: rows, columns: inputs, precision: precision, step: step,
                        using: &generator)
                    let addend = FramedMatrix(
                        generator.values(rows * outputs), rows: rows, columns: outputs,
                        precision: precision, step: step)
                    let expected = (Table(x).timesTransposed(w) + Table(addend.view)).values
                    let y = FramedMatrix(
                        rows: rows, columns: outputs, precision: precision, step: step + 1)
                    Linear.forward(x, packed, adding: addend.view, into: y.view, scratch: scratch)
                    let tolerance = Tolerance.sum(depth: inputs + 1, stored: precision)
                    expectClose(y.view.values.map(Double.init), expected, tolerance, name)
                    y.expectIntact(name)

                    Linear.forward(
                        x, packed, adding: addend.view, into: addend.view, scratch: scratch)
                    #expect(addend.view.values == y.view.values, "\(name), in place")
                    addend.expectIntact("\(name), in place")
                }
            }
        }
    }

    /// Odd numbers of heads; even head sizes with rotation, any without.
    @Test(arguments: Precision.allCases)
    func queriesAndKeysAreTurned(precision: Precision) {
        var generator = SeededGenerator(seed: 5)
        let scratch = Scratch()
        for (headCount, headSize, theta) in [
            (1, 2, 10000.0), (3, 2, 100.0), (1, 6, 10000.0), (5, 10, 500.0), (3, 34, 10000.0),
            (1, 1, nil), (3, 3, nil), (1, 7, nil),
        ] as [(Int, Int, Double?)] {
            for (positions, sequences) in [(1, 1), (1, 3), (5, 1), (7, 2), (13, 3)] {
                let heads = RotaryEmbedding(
                    positions: positions, headCount: headCount, headSize: headSize, theta: theta)
                let (rows, outputs, inputs) = (positions * sequences, 3 * headCount * headSize, 7)
                let (packed, w) = Self.weight(
                    outputs: outputs, inputs: inputs, precision: precision, using: &generator)
                let x = FramedMatrix.input(
                    rows: rows, columns: inputs, precision: precision, using: &generator)
                let qkv = FramedMatrix(rows: rows, columns: outputs, precision: precision)
                Linear.forwardRotary(x, packed, rotary: heads, into: qkv.view, scratch: scratch)
                let name = "\(precision) \(headCount) heads of \(headSize), \(positions) positions"
                let sums = Table(x).timesTransposed(w)
                // The rotated values were rounded before: two rounded numbers are combined.
                let largest = sums.values.map(abs).max() ?? 0
                var tolerance = Tolerance.sum(depth: 2 * inputs, stored: precision)
                tolerance.absolute += 2 * largest * precision.storageError
                expectClose(
                    qkv.view.values.map(Double.init), Reference.rotated(sums, heads).values,
                    tolerance, name)
                qkv.expectIntact(name)
            }
        }
    }

    @Test(arguments: Precision.allCases)
    func theNormOfAResidualSumIsRight(precision: Precision) {
        var generator = SeededGenerator(seed: 6)
        let scratch = Scratch()
        for outputs in oddSizes {
            for inputs in [1, 7, 18] {
                let (packed, w) = Self.weight(
                    outputs: outputs, inputs: inputs, precision: precision, using: &generator)
                for (rows, epsilon) in [(1, 1e-5), (5, 0.25), (9, 1e-5)] {
                    let name = "\(precision) rows \(rows), \(outputs) × \(inputs)"
                    let x = FramedMatrix.input(
                        rows: rows, columns: inputs, precision: precision, using: &generator)
                    let residual = FramedMatrix.input(
                        rows: rows, columns: outputs, precision: precision, using: &generator)
                    let y = FramedMatrix(rows: rows, columns: outputs, precision: precision)
                    let inverseRMS = FramedMatrix(rows: rows, columns: 1, columnMargin: 0)
                    Linear.forwardResidualNorm(
                        x, packed, residual: residual, epsilon: Float(epsilon), into: y.view,
                        inverseRMS: inverseRMS.view, scratch: scratch)
                    let sums = Table(x).timesTransposed(w) + Table(residual)
                    for row in 0..<rows {
                        let s = sums.row(row)
                        let inverse = Reference.inverseRMS(s, epsilon: Double(Float(epsilon)))
                        // The error of the sum counts in units of the row's magnitude.
                        let off = 2 * roundoff * Double(inputs + 4) * inverse + 8 * roundoff
                        expectClose(
                            Double(inverseRMS.view[row, 0]), inverse, Tolerance(relative: off),
                            "\(name): inverse RMS")
                        expectClose(
                            y.view.rows(row..<(row + 1)).values.map(Double.init),
                            s.map { $0 * inverse },
                            Tolerance(absolute: 2 * off, relative: off + precision.storageError),
                            name)
                    }
                    y.expectIntact(name)
                    inverseRMS.expectIntact("\(name): inverse RMS")
                }
            }
        }
    }
}

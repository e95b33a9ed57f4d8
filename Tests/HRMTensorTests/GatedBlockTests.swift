import HRMTensor
import Testing
import _HRMTestSupport

/// Blocks in one pass over their rows, against the operations one after another, which have tests
/// of their own.
@Suite struct GatedBlockTests {
    /// The extents of a block: rows, features and gates.
    static let shapes = [
        [1, 1, 1], [5, 3, 2], [12, 16, 32], [13, 32, 64], [26, 33, 17], [29, 64, 48], [7, 130, 65],
    ]

    /// The weights and inputs of a block.
    private struct Case {
        let (rows, width, inner): (Int, Int, Int)
        let (gateUp, down): (PackedWeight, PackedWeight)
        let (gradientPath, inputPath): (PackedWeight, PackedWeight)
        let x: Matrix
        let name: String

        init(_ shape: [Int], _ precision: Precision, using generator: inout SeededGenerator) {
            (rows, width, inner) = (shape[0], shape[1], shape[2])
            name = "\(precision) \(shape)"
            let first = FramedMatrix.input(rows: 2 * inner, columns: width, using: &generator)
            let second = FramedMatrix.input(rows: width, columns: inner, using: &generator)
            func packed(
                _ weight: Matrix, _ outputs: Int, _ inputs: Int, _ layout: PackedWeight.Layout
            ) -> PackedWeight {
                let result = PackedWeight(
                    outputs: outputs, inputs: inputs, precision: precision, layout: layout)
                result.pack(weight)
                return result
            }
            gateUp = packed(first, 2 * inner, width, .gated)
            inputPath = packed(first, width, 2 * inner, .transposed)
            down = packed(second, width, inner, .plain)
            gradientPath = packed(second, inner, width, .transposed)
            x = FramedMatrix.input(
                rows: rows, columns: width, precision: precision, using: &generator)
        }

        func matrix(_ columns: Int, _ precision: Precision) -> FramedMatrix {
            FramedMatrix(rows: rows, columns: columns, precision: precision)
        }
    }

    @Test(arguments: Precision.allCases, shapes)
    func theForwardIsThatOfItsParts(precision: Precision, shape: [Int]) {
        var generator = SeededGenerator(seed: 241)
        let c = Case(shape, precision, using: &generator)
        let (y, kept) = (c.matrix(c.width, precision), c.matrix(2 * c.inner, precision))
        let inverseRMS = Matrix(rows: c.rows, columns: 1)
        GatedBlock.forward(
            c.x, gateUp: c.gateUp, adding: nil, down: c.down, epsilon: 1e-5, keeping: kept.view,
            into: y.view, inverseRMS: inverseRMS, scratch: Scratch())
        y.expectIntact(c.name)
        kept.expectIntact(c.name)

        let (active, gateUp) = (c.matrix(c.inner, precision), c.matrix(2 * c.inner, precision))
        let (expected, inverse) = (c.matrix(c.width, precision), Matrix(rows: c.rows, columns: 1))
        Linear.forwardSwiGLU(
            c.x, c.gateUp, into: active.view, gateUp: gateUp.view, scratch: Scratch())
        Linear.forwardResidualNorm(
            active.view, c.down, residual: c.x, epsilon: 1e-5, into: expected.view,
            inverseRMS: inverse, scratch: Scratch())
        #expect(kept.view.values == gateUp.view.values, "\(c.name)")
        let tolerance = Tolerance.sum(depth: c.inner + c.width, stored: precision)
        expectClose(
            y.view.values.map(Double.init), expected.view.values.map(Double.init), tolerance,
            c.name)
        expectClose(
            inverseRMS.values.map(Double.init), inverse.values.map(Double.init),
            .sum(depth: c.width, stored: .float32), c.name)
    }

    @Test(arguments: Precision.allCases, shapes)
    func theBackwardIsThatOfItsParts(precision: Precision, shape: [Int]) {
        var generator = SeededGenerator(seed: 242)
        let c = Case(shape, precision, using: &generator)
        let dy = FramedMatrix.input(
            rows: c.rows, columns: c.width, precision: precision, using: &generator)
        let gateUp = FramedMatrix.input(
            rows: c.rows, columns: 2 * c.inner, precision: precision, using: &generator)
        let inverseRMS = FramedMatrix.input(rows: c.rows, columns: 1, using: &generator)
        let flat = Matrix(inverseRMS.values, rows: c.rows, columns: 1)
        func run(_ fused: Bool) -> [FramedMatrix] {
            let (sum, dx) = (c.matrix(c.width, precision), c.matrix(c.width, precision))
            let gradient = c.matrix(2 * c.inner, precision)
            let active = c.matrix(c.inner, precision)
            if fused {
                GatedBlock.backward(
                    dy, y: c.x, inverseRMS: flat, down: c.gradientPath, gateUp: gateUp,
                    sum: sum.view, gradient: gradient.view, activation: active.view,
                    scratch: Scratch())
                GatedBlock.add(
                    gradient.view, c.inputPath, adding: sum.view, sums: nil, into: dx.view,
                    scratch: Scratch())
            } else {
                RMSNorm.backward(dy, y: c.x, inverseRMS: flat, into: sum.view)
                Linear.backwardSwiGLU(
                    sum.view, c.gradientPath, gateUp: gateUp, gradient: gradient.view,
                    activation: active.view, scratch: Scratch())
                Linear.forward(
                    gradient.view, c.inputPath, adding: sum.view, into: dx.view,
                    scratch: Scratch())
            }
            return [sum, gradient, active, dx]
        }
        // A number that is rounded to another neighbour differs by two roundings.
        let scale = Double(2 * c.inner + c.width)
        let tolerance = Tolerance(
            absolute: 2 * precision.storageError * scale.squareRoot(),
            relative: 2 * precision.storageError)
        for (got, wanted) in zip(run(true), run(false)) {
            got.expectIntact(c.name)
            expectClose(
                got.view.values.map(Double.init), wanted.view.values.map(Double.init), tolerance,
                c.name)
        }
    }

    /// A row's result does not depend on the rows that are computed with it.
    @Test(arguments: Precision.allCases) func rowsAreIndependent(precision: Precision) {
        var generator = SeededGenerator(seed: 243)
        let c = Case([29, 32, 64], precision, using: &generator)
        func run(_ rows: Range<Int>) -> [Float] {
            let y = Matrix(rows: rows.count, columns: c.width, precision: precision)
            GatedBlock.forward(
                c.x.rows(rows), gateUp: c.gateUp, adding: nil, down: c.down, epsilon: 1e-5,
                keeping: nil, into: y, inverseRMS: Matrix(rows: rows.count, columns: 1),
                scratch: Scratch())
            return y.values
        }
        let all = run(0..<c.rows)
        for rows in [0..<1, 0..<12, 5..<18, 28..<29, 11..<29] {
            #expect(
                run(rows) == Array(all[(rows.lowerBound * c.width)..<(rows.upperBound * c.width)]))
        }
    }

    @Test func theOutputIsNotTheInput() async {
        await #expect(processExitsWith: .failure) {
            let x = Matrix(rows: 2, columns: 2)
            GatedBlock.forward(
                x, gateUp: PackedWeight(outputs: 4, inputs: 2, precision: .float32, layout: .gated),
                adding: nil, down: PackedWeight(outputs: 2, inputs: 2, precision: .float32),
                epsilon: 1e-5, keeping: nil, into: x, inverseRMS: Matrix(rows: 2, columns: 1),
                scratch: Scratch())
        }
    }
}

import HRMTensor
import Testing
import _HRMTestSupport

/// Norms, gates and rotations of rows, against float64.
@Suite struct RowOperationsTests {
    @Test(arguments: Precision.allCases)
    func normsAndGatesAreRight(_ precision: Precision) {
        var generator = SeededGenerator(seed: 1)
        let tolerance = Tolerance(absolute: 1e-6, relative: 2 * precision.storageError + 1e-6)
        for columns in oddSizes {
            let x = FramedMatrix.input(rows: 3, columns: columns, using: &generator)
            let gate = FramedMatrix.input(rows: 3, columns: columns, scale: 4, using: &generator)
            let (xs, gates) = (Table(x), Table(gate))

            let normed = FramedMatrix(rows: 3, columns: columns, precision: precision)
            let inverse = Matrix(rows: 3, columns: 1)
            RowOperations.norm(x, epsilon: 0.01, into: normed.view, inverseRMS: inverse)
            var expected: [Double] = []
            for row in 0..<3 {
                let values = (0..<columns).map { xs[row, $0] }
                let scale = Reference.inverseRMS(values, epsilon: 0.01)
                expected += values.map { $0 * scale }
                #expect(abs(Double(inverse[row, 0]) - scale) < 1e-5 * scale)
            }
            expectClose(normed.view.values.map(Double.init), expected, tolerance, "norm")
            normed.expectIntact("norm")

            let glu = FramedMatrix(rows: 3, columns: columns, precision: precision)
            RowOperations.swiglu(gate: gate, up: x, into: glu.view)
            expectClose(
                glu.view.values.map(Double.init),
                (0..<3).flatMap { row in
                    (0..<columns).map { Reference.swiGLU(gate: gates[row, $0], up: xs[row, $0]) }
                }, tolerance, "SwiGLU")
            glu.expectIntact("SwiGLU")

            let gated = FramedMatrix(rows: 3, columns: columns, precision: precision)
            gated.view.assign(x.values)
            let start = Table(gated.view)
            RowOperations.applySigmoid(gate, to: gated.view)
            expectClose(
                gated.view.values.map(Double.init),
                (0..<3).flatMap { row in
                    (0..<columns).map { Reference.sigmoid(gates[row, $0]) * start[row, $0] }
                }, tolerance, "gate")
            gated.expectIntact("gate")
        }
    }

    @Test func theGradientOfAGateIsRight() {
        var generator = SeededGenerator(seed: 2)
        for columns in [1, 5, 16, 19] {
            let gate = FramedMatrix.input(rows: 2, columns: columns, scale: 3, using: &generator)
            let x = FramedMatrix.input(rows: 2, columns: columns, using: &generator)
            let dy = Matrix(generator.values(2 * columns), rows: 2, columns: columns)
            let start = dy.values
            let gateGradient = FramedMatrix(rows: 2, columns: columns)
            RowOperations.sigmoidBackward(
                gate: gate, x: x, gradient: dy, gateGradient: gateGradient.view)
            let sigma = gate.values.map { Reference.sigmoid(Double($0)) }
            expectClose(
                dy.values.map(Double.init), zip(start, sigma).map { Double($0) * $1 },
                Tolerance(absolute: 1e-6), "the input's gradient")
            expectClose(
                gateGradient.view.values.map(Double.init),
                sigma.indices.map {
                    Double(start[$0]) * Double(x.values[$0]) * sigma[$0] * (1 - sigma[$0])
                }, Tolerance(absolute: 1e-6), "the gate's gradient")
            gateGradient.expectIntact("the gate's gradient")
        }
    }

    @Test func rotationIsThatOfQueriesAndKeysAndTurnsBack() {
        var generator = SeededGenerator(seed: 3)
        for size in [2, 6, 10, 16, 34, 64] {
            let rotary = RotaryEmbedding(positions: 9, headCount: 1, headSize: size, theta: 100)
            let x = Matrix(generator.values(9 * size), rows: 9, columns: size)
            let all = Matrix(rows: 9, columns: 3 * size)
            all.columns(0..<size).assign(x)
            let expected = Reference.rotated(Table(all), rotary)
            let positions = [8, 0, 3, 3, 1]
            let part = Matrix(rows: 5, columns: size)
            for (row, position) in positions.enumerated() {
                part.rows(row..<(row + 1)).assign(x.rows(position..<(position + 1)))
            }
            let start = part.values
            RowOperations.rotate(part, rotary: rotary, positions: positions[...], into: part)
            expectClose(
                part.values.map(Double.init),
                positions.flatMap { position in (0..<size).map { expected[position, $0] } },
                Tolerance(absolute: 1e-6), "\(size) wide")
            RowOperations.rotate(
                part, rotary: rotary, positions: positions[...], into: part, isBackward: true)
            expectClose(part.values, start, Tolerance(absolute: 1e-6), "\(size) wide, back")
        }
    }
}

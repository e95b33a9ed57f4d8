import HRMTensor
import Testing
import _HRMTestSupport

/// The forward and backward pass of the gated unit, against float64.
@Suite struct SwiGLUTests {
    @Test(arguments: Precision.allCases)
    func theForwardIsRightAtEverySize(precision: Precision) {
        var generator = SeededGenerator(seed: 11)
        let scratch = Scratch()
        for inner in oddSizes {
            for (inputs, rows) in [(1, 1), (3, 6), (7, 5), (17, 13), (8, 2)] {
                let name = "\(precision) [\(rows), \(inputs)], inner \(inner)"
                let (packed, w) = LinearTests.weight(
                    outputs: 2 * inner, inputs: inputs, precision: precision, layout: .gated,
                    using: &generator)
                let x = FramedMatrix.input(
                    rows: rows, columns: inputs, precision: precision, using: &generator)
                let y = FramedMatrix(rows: rows, columns: inner, precision: precision)
                let gateUp = FramedMatrix(rows: rows, columns: 2 * inner, precision: precision)
                Linear.forwardSwiGLU(
                    x, packed, into: y.view, gateUp: gateUp.view, scratch: scratch)

                let sums = Table(x).timesTransposed(w)
                expectClose(
                    gateUp.view.values.map(Double.init), sums.values,
                    .sum(depth: inputs, stored: precision), "\(name): gate and up")
                var expected = Table(rows: rows, columns: inner)
                for i in 0..<rows {
                    for j in 0..<inner {
                        expected[i, j] = Reference.swiGLU(gate: sums[i, j], up: sums[i, inner + j])
                    }
                }
                // Both factors are sums below `inputs`; silu's slope is at most 1.1.
                expectClose(
                    y.view.values.map(Double.init), expected.values,
                    .sum(depth: inputs, stored: precision, scale: 2 * Double(inputs).squareRoot()),
                    name)
                y.expectIntact(name)
                gateUp.expectIntact("\(name): gate and up")

                let again = FramedMatrix(rows: rows, columns: inner, precision: precision)
                Linear.forwardSwiGLU(x, packed, into: again.view, gateUp: nil, scratch: scratch)
                #expect(again.view.values == y.view.values, "\(name), nothing kept")
                again.expectIntact("\(name), nothing kept")
            }
        }
    }

    /// The exponential over its whole range of use, observed through `silu(gate) · 1`.
    @Test func theSigmoidIsAccurateForEveryGate() {
        let gates =
            stride(from: Float(-80), through: 80, by: 0.37).map { $0 }
            + [0, -0.0, 1e-30, -1e-30, 1e-6, 88.6, 88.9, 1000, 1e30]
        let weight = PackedWeight(
            outputs: 2, inputs: 2, precision: .float32, layout: .gated)
        weight.pack(Matrix([1, 0, 0, 1], rows: 2, columns: 2))
        let x = Matrix(gates.flatMap { [$0, 1] }, rows: gates.count, columns: 2)
        let y = Matrix(rows: gates.count, columns: 1)
        Linear.forwardSwiGLU(x, weight, into: y, gateUp: nil, scratch: Scratch())
        // The exponent, |gate| · log₂ e, is rounded to float32 before 2 is raised to it.
        for (gate, value) in zip(gates, y.values) {
            expectClose(
                [Double(value)], [Reference.swiGLU(gate: Double(gate), up: 1)],
                Tolerance(relative: (8 + 2 * Double(min(abs(gate), 88))) * roundoff),
                "silu(\(gate))")
        }
    }

    @Test func aGateFarBelowZeroIsShut() {
        let gates: [Float] = [-88, -100, -1e4, -1e30]
        let weight = PackedWeight(
            outputs: 2, inputs: 2, precision: .float32, layout: .gated)
        weight.pack(Matrix([1, 0, 0, 1], rows: 2, columns: 2))
        let x = Matrix(gates.flatMap { [$0, 1] }, rows: gates.count, columns: 2)
        let y = Matrix(rows: gates.count, columns: 1)
        Linear.forwardSwiGLU(x, weight, into: y, gateUp: nil, scratch: Scratch())
        // The sigmoid does not fall below that of −88, about 6e−39.
        for (gate, value) in zip(gates, y.values) {
            #expect(abs(Double(value)) <= 7e-39 * abs(Double(gate)), "silu(\(gate)) = \(value)")
        }
    }

    @Test(arguments: Precision.allCases)
    func theBackwardIsRightAtEverySize(precision: Precision) {
        var generator = SeededGenerator(seed: 12)
        let scratch = Scratch()
        for inner in oddSizes {
            for (width, rows) in [(1, 1), (3, 6), (7, 5), (17, 13), (8, 2)] {
                let name = "\(precision) [\(rows), \(width)], inner \(inner)"
                let master = FramedMatrix.input(rows: width, columns: inner, using: &generator)
                let down = PackedWeight(
                    outputs: inner, inputs: width, precision: precision, layout: .transposed)
                down.pack(master)
                let dy = FramedMatrix.input(
                    rows: rows, columns: width, precision: precision, using: &generator)
                let gateUp = FramedMatrix.input(
                    rows: rows, columns: 2 * inner, precision: precision, scale: 4,
                    using: &generator)
                let gradient = FramedMatrix(rows: rows, columns: 2 * inner, precision: precision)
                let activation = FramedMatrix(rows: rows, columns: inner, precision: precision)
                Linear.backwardSwiGLU(
                    dy, down, gateUp: gateUp, gradient: gradient.view,
                    activation: activation.view, scratch: scratch)

                let d = Table(dy).timesTransposed(Table(master).rounded(to: precision).transposed)
                let kept = Table(gateUp)
                var expectedGradient = Table(rows: rows, columns: 2 * inner)
                var expectedActivation = Table(rows: rows, columns: inner)
                for i in 0..<rows {
                    for j in 0..<inner {
                        let (gate, up) = (kept[i, j], kept[i, inner + j])
                        let sigma = Reference.sigmoid(gate)
                        expectedActivation[i, j] = Reference.swiGLU(gate: gate, up: up)
                        expectedGradient[i, inner + j] = d[i, j] * gate * sigma
                        expectedGradient[i, j] =
                            d[i, j] * up * (sigma + gate * sigma * (1 - sigma))
                    }
                }
                // Gate and up are below 4.
                expectClose(
                    gradient.view.values.map(Double.init), expectedGradient.values,
                    .sum(depth: width + 4, stored: precision, scale: 8), "\(name): gradient")
                expectClose(
                    activation.view.values.map(Double.init), expectedActivation.values,
                    .sum(depth: 4, stored: precision, scale: 16), "\(name): activation")
                gradient.expectIntact("\(name): gradient")
                activation.expectIntact("\(name): activation")
            }
        }
    }
}

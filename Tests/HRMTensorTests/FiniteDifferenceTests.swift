import HRMTensor
import Testing
import _HRMTestSupport

/// The backward pass of the float32 kernels, against differences of their forward pass.
///
/// With a step of 1/100, the error of the difference quotient is `h²/6` times a third derivative of
/// the size of a few gradients, plus float32's rounding error, `√n · ε / h`.
@Suite struct FiniteDifferenceTests {
    private let scratch = Scratch()

    private func expectGradient(
        _ gradient: [Float], at x: [Float], _ name: String, of loss: ([Float]) -> Double
    ) {
        let numerical = numericalGradient(at: x, of: loss)
        let largest = Double(numerical.map(abs).max() ?? 0)
        expectClose(gradient, numerical, Tolerance(absolute: 2e-4 * largest + 2e-4), name)
    }

    private func weighted(_ values: [Float], _ weights: [Float]) -> Double {
        zip(values, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    private func packed(
        _ values: [Float], _ outputs: Int, _ inputs: Int, _ layout: PackedWeight.Layout = .plain
    ) -> PackedWeight {
        let weight = PackedWeight(
            outputs: outputs, inputs: inputs, precision: .float32, layout: layout)
        weight.pack(Matrix(values, rows: outputs, columns: inputs))
        return weight
    }

    /// `dx = dy · W`.
    private func inputGradient(
        _ dy: Matrix, _ values: [Float], outputs: Int, inputs: Int
    ) -> [Float] {
        let weight = PackedWeight(
            outputs: inputs, inputs: outputs, precision: .float32, layout: .transposed)
        weight.pack(Matrix(values, rows: outputs, columns: inputs))
        let dx = Matrix(rows: dy.rows, columns: inputs)
        Linear.forward(dy, weight, into: dx, scratch: scratch)
        return dx.values
    }

    private func weightGradient(_ dy: Matrix, _ x: [Float], inputs: Int) -> [Float] {
        let gradient = Matrix(rows: dy.columns, columns: inputs)
        Linear.accumulateWeightGradient(
            dy, Matrix(x, rows: dy.rows, columns: inputs), into: gradient, scratch: scratch)
        return gradient.values
    }

    @Test(arguments: [(1, 1, 2, 1), (5, 1, 6, 2), (7, 3, 2, 1), (9, 2, 10, 1)])
    func attentionThroughTheRotation(
        positions: Int, headCount: Int, headSize: Int, sequences: Int
    ) {
        var generator = SeededGenerator(seed: 81)
        let heads = RotaryEmbedding(
            positions: positions, headCount: headCount, headSize: headSize, theta: 50)
        let (rows, width) = (positions * sequences, headCount * headSize)
        // With a unit weight, the input is qkv before the rotation.
        let unit = packed(
            (0..<(9 * width * width)).map { $0 % (3 * width + 1) == 0 ? 1 : 0 }, 3 * width,
            3 * width)
        let x = generator.values(rows * 3 * width)
        let upstream = generator.values(rows * width)
        let qkv = Matrix(rows: rows, columns: 3 * width)
        let output = Matrix(rows: rows, columns: width)
        let logSumExp = Matrix(rows: sequences * headCount, columns: positions)
        func forward(_ x: [Float]) -> Double {
            Linear.forwardRotary(
                Matrix(x, rows: rows, columns: 3 * width), unit, rotary: heads, into: qkv,
                scratch: scratch)
            Attention.forward(
                qkv, heads: heads, into: output, logSumExp: logSumExp, scratch: scratch)
            return weighted(output.values, upstream)
        }
        _ = forward(x)
        let gradient = Matrix(rows: rows, columns: 3 * width)
        Attention.backward(
            qkv: qkv, heads: heads, output: output,
            outputGradient: Matrix(upstream, rows: rows, columns: width), logSumExp: logSumExp,
            into: gradient, scratch: scratch)
        expectGradient(gradient.values, at: x, "qkv", of: forward)
    }

    @Test(arguments: [(1, 1, 1), (3, 5, 7), (7, 3, 9)])
    func theGatedUnit(rows: Int, width: Int, inner: Int) {
        var generator = SeededGenerator(seed: 82)
        let x = generator.values(rows * width)
        let gateUp = generator.values(2 * inner * width)
        let down = generator.values(width * inner)
        let upstream = generator.values(rows * width)
        let kept = Matrix(rows: rows, columns: 2 * inner)
        func loss(_ x: [Float], _ gateUp: [Float], _ down: [Float]) -> Double {
            let activation = Matrix(rows: rows, columns: inner)
            Linear.forwardSwiGLU(
                Matrix(x, rows: rows, columns: width), packed(gateUp, 2 * inner, width, .gated),
                into: activation, gateUp: kept, scratch: scratch)
            let y = Matrix(rows: rows, columns: width)
            Linear.forward(activation, packed(down, width, inner), into: y, scratch: scratch)
            return weighted(y.values, upstream)
        }
        _ = loss(x, gateUp, down)
        let transposed = PackedWeight(
            outputs: inner, inputs: width, precision: .float32, layout: .transposed)
        transposed.pack(Matrix(down, rows: width, columns: inner))
        let dy = Matrix(upstream, rows: rows, columns: width)
        let gradient = Matrix(rows: rows, columns: 2 * inner)
        let activation = Matrix(rows: rows, columns: inner)
        Linear.backwardSwiGLU(
            dy, transposed, gateUp: kept, gradient: gradient, activation: activation,
            scratch: scratch)
        expectGradient(
            inputGradient(gradient, gateUp, outputs: 2 * inner, inputs: width), at: x, "input"
        ) { loss($0, gateUp, down) }
        expectGradient(weightGradient(gradient, x, inputs: width), at: gateUp, "gate and up") {
            loss(x, $0, down)
        }
        expectGradient(weightGradient(dy, activation.values, inputs: inner), at: down, "down") {
            loss(x, gateUp, $0)
        }
    }

    @Test(arguments: [(1, 3, 2), (4, 5, 7), (7, 17, 3)])
    func theResidualNorm(rows: Int, width: Int, inputs: Int) {
        var generator = SeededGenerator(seed: 83)
        let x = generator.values(rows * inputs)
        let weight = generator.values(width * inputs)
        // Values near zero, where the norm changes quickly, are avoided.
        let residual = generator.values(rows * width).map { $0 < 0 ? $0 - 1 : $0 + 1 }
        let upstream = generator.values(rows * width)
        let y = Matrix(rows: rows, columns: width)
        let inverseRMS = Matrix(rows: rows, columns: 1)
        func loss(_ x: [Float], _ weight: [Float], _ residual: [Float]) -> Double {
            Linear.forwardResidualNorm(
                Matrix(x, rows: rows, columns: inputs), packed(weight, width, inputs),
                residual: Matrix(residual, rows: rows, columns: width), epsilon: 1e-3, into: y,
                inverseRMS: inverseRMS, scratch: scratch)
            return weighted(y.values, upstream)
        }
        _ = loss(x, weight, residual)
        let ds = Matrix(rows: rows, columns: width)
        RMSNorm.backward(
            Matrix(upstream, rows: rows, columns: width), y: y, inverseRMS: inverseRMS, into: ds)
        expectGradient(ds.values, at: residual, "residual") { loss(x, weight, $0) }
        expectGradient(
            inputGradient(ds, weight, outputs: width, inputs: inputs), at: x, "input"
        ) { loss($0, weight, residual) }
        expectGradient(weightGradient(ds, x, inputs: inputs), at: weight, "weight") {
            loss(x, $0, residual)
        }
    }

    /// For a linear function, the difference quotient has only rounding errors.
    @Test(arguments: [(1, 1, 1), (6, 7, 3), (13, 2, 17)])
    func theLinearLayer(rows: Int, outputs: Int, inputs: Int) {
        var generator = SeededGenerator(seed: 84)
        let x = generator.values(rows * inputs)
        let weight = generator.values(outputs * inputs)
        let bias = generator.values(outputs)
        let upstream = generator.values(rows * outputs)
        func loss(_ x: [Float], _ weight: [Float], _ bias: [Float]) -> Double {
            let y = Matrix(rows: rows, columns: outputs)
            Linear.forward(
                Matrix(x, rows: rows, columns: inputs), packed(weight, outputs, inputs),
                bias: Matrix(bias, rows: 1, columns: outputs), into: y, scratch: scratch)
            return weighted(y.values, upstream)
        }
        let dy = Matrix(upstream, rows: rows, columns: outputs)
        expectGradient(
            inputGradient(dy, weight, outputs: outputs, inputs: inputs), at: x, "input"
        ) { loss($0, weight, bias) }
        expectGradient(weightGradient(dy, x, inputs: inputs), at: weight, "weight") {
            loss(x, $0, bias)
        }
        let biasGradient = Matrix(rows: 1, columns: outputs)
        for row in 0..<rows {
            Embedding.accumulate(dy, row: row, scale: 1, into: biasGradient, tableRow: 0)
        }
        expectGradient(biasGradient.values, at: bias, "bias") { loss(x, weight, $0) }
    }
}

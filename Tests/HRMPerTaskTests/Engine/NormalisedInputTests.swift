import HRMTensor
import Testing

@testable import HRMPerTask

/// Layers that read the normalised input, a departure from the published network.
@Suite struct NormalisedInputTests {
    let layout = MultitensorLayout(examples: 2, colours: 3, rows: 2, columns: 3)
    let kinds = [AxisSet("ecd"), AxisSet("exy")]
    let input: Multitensor
    let output: Multitensor
    let layer: NormalisedInputLayer
    let upstream: Multitensor

    init() {
        let layout = layout, kinds = kinds
        var generator = SeededGenerator(seed: 5)
        func random(_ rows: Int, _ columns: Int, scale: Float = 1) -> Matrix {
            let matrix = Matrix(rows: rows, columns: columns)
            NormalNumbers.fill(matrix, using: &generator)
            matrix.assign(matrix.values.map { $0 * scale })
            return matrix
        }
        let input = Multitensor(layout, kinds: kinds)
        self.input = input
        output = input.replacing(kinds)
        var upstream = Multitensor()
        for kind in kinds {
            input[kind].assign(random(input[kind].rows, kind.width, scale: 2))
            upstream[kind] = random(input[kind].rows, kind.width)
        }
        self.upstream = upstream
        let weights = Projections(kinds) { kind in
            Projection(
                input: Weight(random(kind.width, 16, scale: 0.3)),
                output: Weight(random(16, kind.width, scale: 0.3)))
        }
        layer = NormalisedInputLayer(input: input, output: output, kinds: kinds) {
            NonlinearLayer(input: $0, output: $1, kinds: kinds, weights: weights)
        }
    }

    func weightedOutput() -> Double {
        layer.forward()
        return kinds.reduce(0) { sum, kind in
            zip(output[kind].values, upstream[kind].values).reduce(sum) {
                $0 + Double($1.0) * Double($1.1)
            }
        }
    }

    /// Scaling the input changes the output by the change of the input alone.
    @Test func theLayerReadsNoScale() {
        layer.forward()
        let kind = kinds[0]
        let before = zip(output[kind].values, input[kind].values).map { $0 - $1 }
        input[kind].assign(input[kind].values.map { 4 * $0 })
        layer.forward()
        let after = zip(output[kind].values, input[kind].values).map { $0 - $1 }
        #expect(zip(before, after).allSatisfy { abs($0 - $1) < 1e-4 })
        #expect(before.contains { abs($0) > 0.1 })
    }

    @Test func gradientsMatchDifferences() {
        _ = weightedOutput()
        let gradient = upstream.replacing(kinds)
        for kind in kinds { gradient[kind].assign(upstream[kind]) }
        layer.backward(gradient)
        for kind in kinds {
            for position in [0, 3, input[kind].rows - 1] {
                let channel = position % kind.width
                let value = input[kind][position, channel]
                let step: Float = 0.02
                input[kind][position, channel] = value + step
                let ahead = weightedOutput()
                input[kind][position, channel] = value - step
                let back = weightedOutput()
                input[kind][position, channel] = value
                let difference = (ahead - back) / Double(2 * step)
                let slope = Double(gradient[kind][position, channel])
                #expect(abs(difference - slope) < 0.01 * (1 + abs(slope)))
            }
        }
    }
}

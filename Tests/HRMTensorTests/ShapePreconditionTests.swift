import HRMTensor
import Testing

/// Shapes that do not fit trap, in debug and in release, before any memory is touched.
@Suite struct ShapePreconditionTests {
    @Test func aViewPastTheEnd() async {
        await #expect(processExitsWith: .failure) { _ = Matrix(rows: 2, columns: 2).rows(1..<3) }
        await #expect(processExitsWith: .failure) {
            _ = Matrix(rows: 1, columns: 5).reshaped(from: 2, rows: 2, columns: 2)
        }
        await #expect(processExitsWith: .failure) {
            _ = Matrix(rows: 2, columns: 3).columns(0..<2).regrouped(rows: 4)
        }
    }

    @Test func anElementOrValuesTooMany() async {
        await #expect(processExitsWith: .failure) { _ = Matrix(rows: 2, columns: 3)[0, 3] }
        await #expect(processExitsWith: .failure) {
            Matrix(rows: 2, columns: 3).assign([1, 2, 3, 4, 5])
        }
    }

    @Test func aProductOfTheWrongDepthOrPrecision() async {
        await #expect(processExitsWith: .failure) {
            let weight = PackedWeight(outputs: 2, inputs: 3, precision: .float32)
            Linear.forward(
                Matrix(rows: 1, columns: 4), weight, into: Matrix(rows: 1, columns: 2),
                scratch: Scratch())
        }
        await #expect(processExitsWith: .failure) {
            let weight = PackedWeight(outputs: 2, inputs: 3, precision: .bfloat16)
            Linear.forward(
                Matrix(rows: 1, columns: 3), weight, into: Matrix(rows: 1, columns: 2),
                scratch: Scratch())
        }
    }

    @Test func attentionOfAHalfSequence() async {
        await #expect(processExitsWith: .failure) {
            let heads = RotaryEmbedding(positions: 3, headCount: 1, headSize: 2, theta: nil)
            Attention.forward(
                Matrix(rows: 4, columns: 6), heads: heads, into: Matrix(rows: 4, columns: 2),
                logSumExp: nil, scratch: Scratch())
        }
    }

    @Test func rotationOfAnOddHead() async {
        await #expect(processExitsWith: .failure) {
            _ = RotaryEmbedding(positions: 3, headCount: 1, headSize: 3, theta: 10)
        }
    }

    @Test func anOptimizerArrayOfAnotherLength() async {
        await #expect(processExitsWith: .failure) {
            let rule = AdamATan2Update(
                learningRate: 1, weightDecay: 0, beta1: 0.9, beta2: 0.95, step: 1)
            rule.apply(
                to: Matrix(rows: 1, columns: 3), firstMoment: Matrix(rows: 1, columns: 3),
                secondMoment: Matrix(rows: 1, columns: 3),
                gradients: [Matrix(rows: 1, columns: 2)])
        }
    }

    @Test func anEmbeddingRowThatIsNotThere() async {
        await #expect(processExitsWith: .failure) {
            Embedding.write(
                (Matrix(rows: 2, columns: 3), 2), plus: nil, scale: 1,
                to: Matrix(rows: 1, columns: 3), row: 0)
        }
    }
}

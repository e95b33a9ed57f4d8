import HRMTensor
import Testing
import _HRMTestSupport

/// The forward and backward pass of attention, against float64.
@Suite struct AttentionTests {
    struct Shape {
        var positions: Int
        var headCount: Int
        var headSize: Int
        var sequences: Int
    }

    /// All lengths up to 40, with head sizes and counts that vary at different rates.
    static let shapes: [Shape] = {
        let sizes = [1, 2, 3, 6, 8, 12, 32]
        var shapes = sizes.map { Shape(positions: 7, headCount: 3, headSize: $0, sequences: 2) }
        for positions in 1...40 {
            shapes.append(
                Shape(
                    positions: positions, headCount: 1 + positions % 3,
                    headSize: sizes[positions % 7], sequences: 1 + positions % 2))
            shapes.append(
                Shape(
                    positions: positions, headCount: 1 + (positions + 1) % 2,
                    headSize: sizes[(3 * positions + 2) % 7], sequences: 1))
        }
        return shapes
    }()

    @Test(arguments: Precision.allCases)
    func theForwardIsRightAtEverySize(precision: Precision) {
        var generator = SeededGenerator(seed: 31)
        let scratch = Scratch()
        for shape in Self.shapes {
            let heads = RotaryEmbedding(
                positions: shape.positions, headCount: shape.headCount, headSize: shape.headSize,
                theta: nil)
            let rows = shape.sequences * shape.positions
            let width = shape.headCount * shape.headSize
            let qkv = FramedMatrix.input(
                rows: rows, columns: 3 * width, precision: precision, scale: 2, using: &generator)
            let output = FramedMatrix(rows: rows, columns: width, precision: precision)
            let logSumExp = FramedMatrix(
                rows: shape.sequences * shape.headCount, columns: shape.positions, columnMargin: 0)
            Attention.forward(
                qkv, heads: heads, into: output.view, logSumExp: logSumExp.view, scratch: scratch)

            let expected = Reference.attention(Table(qkv), heads)
            // A score is a sum of `d` products below 4, over √d; its error reaches a weight as a
            // share, and the weights mix values below 2. In bfloat16 the weights are rounded, too.
            let score = 8 * roundoff * Double(shape.headSize + 4)
            let weights = precision == .bfloat16 ? precision.storageError : 0
            expectClose(
                output.view.values.map(Double.init), expected.output.values,
                Tolerance(absolute: 2 * (score + weights), relative: precision.storageError),
                "\(precision) \(shape)")
            expectClose(
                logSumExp.view.values.map(Double.init), expected.logSumExp.values,
                Tolerance(absolute: 2 * score), "\(precision) \(shape): log-sum-exp")
            output.expectIntact("\(precision) \(shape)")
            logSumExp.expectIntact("\(precision) \(shape): log-sum-exp")

            let again = FramedMatrix(rows: rows, columns: width, precision: precision)
            Attention.forward(
                qkv, heads: heads, into: again.view, logSumExp: nil, scratch: scratch)
            #expect(again.view.values == output.view.values, "\(shape), nothing kept")
        }
    }

    @Test(arguments: Precision.allCases)
    func theBackwardIsRightAtEverySize(precision: Precision) {
        var generator = SeededGenerator(seed: 32)
        let scratch = Scratch()
        for shape in Self.shapes {
            let isEven = shape.headSize.isMultiple(of: 2)
            let heads = RotaryEmbedding(
                positions: shape.positions, headCount: shape.headCount, headSize: shape.headSize,
                theta: isEven ? 100 : nil)
            let rows = shape.sequences * shape.positions
            let width = shape.headCount * shape.headSize
            let qkv = FramedMatrix.input(
                rows: rows, columns: 3 * width, precision: precision, scale: 2, using: &generator)
            let outputGradient = FramedMatrix.input(
                rows: rows, columns: width, precision: precision, using: &generator)
            // The values that the forward pass stores, computed in float64.
            let kept = Reference.attention(Table(qkv), heads)
            let output = FramedMatrix.input(
                kept.output.values.map(Float.init), rows: rows, columns: width,
                precision: precision)
            let logSumExp = FramedMatrix(
                kept.logSumExp.values.map(Float.init),
                rows: shape.sequences * shape.headCount, columns: shape.positions, columnMargin: 0)
            let gradient = FramedMatrix(rows: rows, columns: 3 * width, precision: precision)
            Attention.backward(
                qkv: qkv, heads: heads, output: output, outputGradient: outputGradient,
                logSumExp: logSumExp.view, into: gradient.view, scratch: scratch)

            let expected = Reference.rotated(
                Reference.attentionGradient(
                    Table(qkv), heads, outputGradient: Table(outputGradient)),
                heads, direction: -1)
            // As in the forward pass, for weights, `do · v` and `do · o` (sums of `d` products
            // below 2) and then a sum over positions whose weights add up to about 1. The output
            // that enters `do · o` was rounded to the precision: √d such roundings meet.
            let size = Double(shape.headSize)
            let sums = 16 * roundoff * (size + 4) * (size.squareRoot() + 2)
            let storedOutput = 4 * precision.storageError
            expectClose(
                gradient.view.values.map(Double.init), expected.values,
                Tolerance(absolute: sums + storedOutput, relative: precision.storageError),
                "\(precision) \(shape)")
            gradient.expectIntact("\(precision) \(shape)")
        }
    }

    /// Scores far apart: one weight is 1, the others vanish, nothing overflows.
    @Test func hugeScoresPickOneKey() {
        let heads = RotaryEmbedding(positions: 3, headCount: 1, headSize: 1, theta: nil)
        let qkv = Matrix(
            [
                1e4, -30, 1,
                1e4, 0, 2,
                -1e4, 30, 3,
            ], rows: 3, columns: 3)
        let output = Matrix(rows: 3, columns: 1)
        let logSumExp = Matrix(rows: 1, columns: 3)
        Attention.forward(
            qkv, heads: heads, into: output, logSumExp: logSumExp, scratch: Scratch())
        #expect(output.values == [3, 3, 1])
        #expect(logSumExp.values == [3e5, 3e5, 3e5])
    }
}

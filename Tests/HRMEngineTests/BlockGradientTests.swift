import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

/// One transformer block: what its backward pass says against difference quotients, for the input
/// and each of the four weights.
@Suite struct BlockGradientTests {
    struct Shape {
        var width: Int
        var heads: Int
        var positions: Int
        var sequences: Int
        var encoding: PositionEncoding
        var mixes = false
        var symbols = 0
        var relations: [BoardRelation] = []
        /// The cells in a row of the board; 0 for a square one.
        var columns = 0
    }

    @Test(arguments: [
        Shape(width: 2, heads: 1, positions: 1, sequences: 1, encoding: .rope),
        Shape(width: 12, heads: 3, positions: 5, sequences: 2, encoding: .rope),
        Shape(width: 15, heads: 5, positions: 7, sequences: 1, encoding: .learned),
        Shape(width: 18, heads: 1, positions: 3, sequences: 3, encoding: .rope),
        Shape(width: 1, heads: 1, positions: 2, sequences: 1, encoding: .none, mixes: true),
        Shape(width: 7, heads: 1, positions: 5, sequences: 3, encoding: .none, mixes: true),
        Shape(width: 18, heads: 2, positions: 19, sequences: 2, encoding: .rope, mixes: true),
        Shape(
            width: 6, heads: 1, positions: 5, sequences: 2, encoding: .none, mixes: true,
            symbols: 3),
        Shape(
            width: 38, heads: 1, positions: 3, sequences: 1, encoding: .none, mixes: true,
            symbols: 2),
        Shape(
            width: 5, heads: 1, positions: 9, sequences: 2, encoding: .none,
            relations: [.neighbours]),
        Shape(
            width: 34, heads: 1, positions: 16, sequences: 1, encoding: .learned,
            relations: [.row, .box, .global]),
        Shape(
            width: 12, heads: 1, positions: 9, sequences: 3, encoding: .none, symbols: 4,
            relations: [.neighbours, .column]),
        Shape(
            width: 7, heads: 1, positions: 9, sequences: 2, encoding: .none,
            relations: [.left, .up, .row]),
        Shape(
            width: 6, heads: 1, positions: 16, sequences: 1, encoding: .none, symbols: 2,
            relations: [.right, .down]),
        Shape(
            width: 5, heads: 1, positions: 6, sequences: 2, encoding: .none,
            relations: [.neighbours, .row, .column], columns: 3),
        Shape(
            width: 6, heads: 1, positions: 10, sequences: 3, encoding: .none, symbols: 2,
            relations: [.left, .down, .global], columns: 2),
    ])
    func theBackwardIsTheDerivative(shape: Shape) throws {
        var generator = SeededGenerator(seed: 91)
        let configuration = try TestModel.configuration {
            $0.hiddenSize = shape.width
            $0.headCount = shape.heads
            $0.positionEncoding = shape.encoding
            $0.mixesPositions = shape.mixes
            $0.puzzleEmbeddingSize = 0
            $0.symbolCount = shape.symbols
            $0.relations = shape.relations
            $0.boardColumns = shape.columns
        }
        let model = TestModel.make(
            configuration,
            dimensions: PuzzleDimensions(
                vocabularySize: 4, sequenceLength: shape.positions, puzzleIdentifierCount: 1))
        let block = model.modules[SegmentSchedule.HierarchicalStack.low].blocks[0]
        let rows = shape.sequences * shape.positions
        func matrix(_ values: [Float]? = nil) -> Matrix {
            let result = Matrix(rows: rows, columns: shape.width)
            if let values { result.assign(values) }
            return result
        }
        let context = BlockContext(heads: model.rotary, epsilon: 1e-5, team: Team(), stopwatch: nil)
        let activations = BlockActivations(
            sequences: shape.sequences, shape: model.shape, saved: true,
            shared: SharedActivations(
                sequences: shape.sequences, shape: model.shape, training: true))
        let (x, y) = (matrix(generator.values(rows * shape.width)), matrix())
        let upstream = generator.values(rows * shape.width)
        block.forward(x, into: y, activations: activations, context: context)
        let gradients = Matrix(rows: 1, columns: model.layout.flatCount)
        // The gradient of the input may take the place of the output's.
        let dx = matrix(upstream)
        block.backward(
            dx, x: x, y: y, activations: activations,
            buffers: BlockGradients(rows: rows, shape: model.shape), gradients: gradients,
            into: dx, context: context)

        let result = matrix()
        func loss() -> Double {
            for layer in block.layers {
                layer.pack(model.parameters, share: (0, Workers(count: 1)))
            }
            block.forward(x, into: result, activations: activations, context: context)
            return weighted(result.values, upstream)
        }
        // The outputs are normed: each row's squares add up to its width.
        let check = GradientCheck(
            magnitude: weighted(upstream, upstream).squareRoot() + 1, samples: 6)
        check.expect(dx.values, of: x, "input", using: &generator, loss: loss)
        for layer in block.layers {
            check.expect(
                layer.entry.matrix(in: gradients).values,
                of: layer.entry.matrix(in: model.parameters), layer.entry.name,
                using: &generator, loss: loss)
        }
    }

    /// More sequences than the backward pass of a mixing takes at a time, the last time fewer.
    @Test func sequencesAreTakenInTurns() throws {
        let model = TestModel.make(
            try TestModel.configuration {
                $0.hiddenSize = 260
                $0.headCount = 1
                $0.puzzleEmbeddingSize = 0
                $0.mixesPositions = true
            },
            dimensions: PuzzleDimensions(
                vocabularySize: 3, sequenceLength: 3, puzzleIdentifierCount: 1))
        let block = model.modules[0].blocks[0]
        let context = BlockContext(heads: model.rotary, epsilon: 1e-5, team: Team(), stopwatch: nil)
        var generator = SeededGenerator(seed: 93)
        let x = Matrix(generator.values(15 * 260), rows: 15, columns: 260)
        let upstream = Matrix(generator.values(15 * 260), rows: 15, columns: 260)
        /// Input gradient and weights' gradients of some sequences.
        func run(_ sequences: Range<Int>) -> ([Float], Matrix) {
            let rows = (3 * sequences.lowerBound)..<(3 * sequences.upperBound)
            let shared = SharedActivations(
                sequences: sequences.count, shape: model.shape, training: true)
            let activations = BlockActivations(
                sequences: sequences.count, shape: model.shape, saved: true, shared: shared)
            let y = Matrix(rows: rows.count, columns: 260)
            let dx = Matrix(rows: rows.count, columns: 260)
            let gradients = Matrix(rows: 1, columns: model.layout.flatCount)
            block.forward(x.rows(rows), into: y, activations: activations, context: context)
            block.backward(
                upstream.rows(rows), x: x.rows(rows), y: y, activations: activations,
                buffers: BlockGradients(rows: rows.count, shape: model.shape),
                gradients: gradients, into: dx, context: context)
            let scratch = shared.mixer as? TokenMixing.Buffers
            #expect(scratch?.sequences == min(sequences.count, 2))
            return (dx.values, gradients)
        }
        let all = run(0..<5)
        let single = (0..<5).map { run($0..<($0 + 1)) }
        expectClose(all.0, single.flatMap(\.0), Tolerance(absolute: 1e-5), "input gradient")
        let sum = Matrix(rows: 1, columns: model.layout.flatCount)
        for (_, gradients) in single { Sum.of(sum, gradients, into: sum) }
        expectClose(all.1.values, sum.values, .ofMaximum(sum.values, 1e-5), "weights' gradients")
    }

    /// What the backward pass adds, it adds to what the gradients held.
    @Test func gradientsAreAddedUp() throws {
        let model = TestModel.make(try TestModel.configuration())
        var generator = SeededGenerator(seed: 92)
        let batch = TestModel.batch(2, for: model, using: &generator)
        let carry = TestModel.carry(batch, model: model, using: &generator)
        let engine = SegmentExecutor(
            model: model, batchSize: 2, workers: Workers(count: 1), training: true)
        var first = carry.copied(for: model)
        _ = engine.trainingStep(&first, minimumSteps: [0, 0], scale: 1)
        let once = engine.gradients[0].values
        var second = carry.copied(for: model)
        _ = engine.trainingStep(&second, minimumSteps: [0, 0], scale: 1)
        expectClose(
            engine.gradients[0].values, once.map { 2 * $0 }, .ofMaximum(once, 1e-6), "two steps")
        #expect(once.contains { $0 != 0 })
    }
}

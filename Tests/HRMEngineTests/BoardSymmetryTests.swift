import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

/// Models of boards whose cells read each other: symmetries of the board, and the means of cells.
@Suite struct BoardSymmetryTests {
    /// As many cells in rows of another length are another board.
    @Test func theLengthOfARowDecides() throws {
        func model(columns: Int) throws -> HierarchicalReasoningModel {
            let configuration = try TestModel.configuration {
                TestModel.Kind.related.apply(to: &$0)
                $0.boardColumns = columns
            }
            let dimensions = PuzzleDimensions(
                vocabularySize: 5, sequenceLength: 12, puzzleIdentifierCount: 1)
            try configuration.validate(for: dimensions)
            return TestModel.make(configuration, dimensions: dimensions)
        }
        let inputs: [Int32] = [1, 2, 3, 0, 1, 4, 2, 2, 1, 0, 3, 3]
        let (three, four) = (try model(columns: 3), try model(columns: 4))
        #expect(three.parameters.values == four.parameters.values)
        let wide = think(four, about: inputs)
        #expect(think(three, about: inputs) != wide)
        // Mirrored rows have mirrored answers.
        let mirrored = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8]
        let moved = think(four, about: mirrored.map { inputs[$0] })
        let expected = mirrored.flatMap { wide[$0] }
        expectClose(moved.flatMap(\.self), expected, .ofMaximum(expected, 1e-5), "logits")
    }

    /// The largest board that the format of a maze allows.
    @Test func largeBoardsHaveTheirMeans() {
        let relations: [BoardRelation] = [.row, .column, .box, .neighbours, .left, .global]
        let pooling = FeaturePooling(
            symbols: 1, positions: 256 * 256,
            relations: relations.map { PositionRelation($0.groups(rows: 256, columns: 256)) })
        #expect(pooling.kinds.map(\.count) == [256, 256, 256, 65536, 65536, 1])
    }

    /// A board of one cell has no cell beside it, and no mean is a division by zero.
    @Test func aSingleCellSeesNothing() {
        let relations: [BoardRelation] = [.left, .down, .neighbours]
        let pooling = FeaturePooling(
            symbols: 1, positions: 1,
            relations: relations.map { PositionRelation($0.groups(rows: 1, columns: 1)) })
        let (x, means) = (Matrix(rows: 1, columns: 2), Matrix(rows: 3, columns: 2))
        x.assign([1, 2])
        pooling.takeMeans(of: x, 0..<3, into: means)
        #expect(means.values == [0, 0, 0, 0, 0, 0])
    }

    /// Logits of a model after some segments, cell by cell.
    private func think(_ model: HierarchicalReasoningModel, about inputs: [Int32]) -> [[Float]] {
        var carry = CPUCarry(batchSize: 1, model: model)
        carry.refill(
            from: TokenBatch(inputs: inputs, labels: inputs, puzzleIdentifiers: [0]), model: model)
        let engine = SegmentExecutor(
            model: model, batchSize: 1, workers: Workers(count: 2), training: false)
        for _ in 0..<3 { _ = engine.evaluationStep(&carry, maxSteps: 99) }
        let (values, width) = (engine.outputs.logits.values, model.dimensions.vocabularySize)
        return inputs.indices.map { Array(values[($0 * width)..<(($0 + 1) * width)]) }
    }

    /// With a relation that has a direction, a mirrored board has another answer; with both
    /// horizontal ones as with one.
    @Test(arguments: [[BoardRelation.left], [.left, .right], [.down, .column], [.up, .row]])
    func directionsAreToldApart(relations: [BoardRelation]) throws {
        let model = TestModel.make(
            try TestModel.configuration {
                TestModel.Kind.related.apply(to: &$0)
                $0.relations = relations
            },
            dimensions: PuzzleDimensions(
                vocabularySize: 5, sequenceLength: 9, puzzleIdentifierCount: 1))
        let inputs: [Int32] = [1, 2, 3, 0, 1, 4, 2, 2, 1]
        let mirrored = [8, 7, 6, 5, 4, 3, 2, 1, 0]
        let original = think(model, about: inputs)
        let moved = think(model, about: mirrored.map { inputs[$0] })
        let difference = zip(moved, mirrored.map { original[$0] }).map { one, other in
            zip(one, other).map { abs($0 - $1) }.max() ?? 0
        }.max()
        #expect(difference ?? 0 > 1e-3)
    }

    /// A maze mirrored, a Sudoku with its bands and the rows within a band in another order: the
    /// answer is mirrored, and in that order.
    @Test(arguments: [
        ([BoardRelation.neighbours, .global], 3, [2, 1, 0, 5, 4, 3, 8, 7, 6]),
        ([.horizontal, .vertical], 3, [8, 7, 6, 5, 4, 3, 2, 1, 0]),
        ([.row, .column, .box], 4, [12, 13, 14, 15, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7]),
    ])
    func aSymmetryOfTheBoardIsOneOfTheAnswer(
        relations: [BoardRelation], side: Int, places: [Int]
    ) throws {
        let model = TestModel.make(
            try TestModel.configuration {
                TestModel.Kind.related.apply(to: &$0)
                $0.relations = relations
                $0.lowLayers = 2
            },
            dimensions: PuzzleDimensions(
                vocabularySize: 5, sequenceLength: side * side, puzzleIdentifierCount: 1))
        var generator = SeededGenerator(seed: 231)
        let inputs = places.map { _ in Int32.random(in: 0..<5, using: &generator) }
        let original = think(model, about: inputs)
        let moved = think(model, about: places.map { inputs[$0] })
        let expected = places.map { original[$0] }
        // Means are summed in another order; everything else is the same arithmetic.
        expectClose(
            moved.flatMap(\.self), expected.flatMap(\.self),
            .ofMaximum(expected.flatMap(\.self), 1e-5), "logits")
        #expect(moved != original)
    }
}

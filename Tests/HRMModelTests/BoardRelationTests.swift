import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

/// Cells that look at each other, and what a model makes of boards that are turned over.
@Suite struct BoardRelationTests {
    /// The cells that a cell looks at.
    private func looks(_ relation: BoardRelation, side: Int, from cell: Int) -> Set<Int> {
        let groups = relation.groups(side: side)
        return Set(groups.groups[groups.group[cell]])
    }

    @Test func theyAreThoseOfABoard() {
        // Cell 8 of a 6×6 board: row 1, column 2, in the first box of two rows and three columns.
        #expect(looks(.row, side: 6, from: 8) == [6, 7, 8, 9, 10, 11])
        #expect(looks(.column, side: 6, from: 8) == [2, 8, 14, 20, 26, 32])
        #expect(looks(.box, side: 6, from: 8) == [0, 1, 2, 6, 7, 8])
        #expect(looks(.box, side: 6, from: 27) == [27, 28, 29, 33, 34, 35])
        #expect(looks(.neighbours, side: 6, from: 8) == [2, 7, 9, 14])
        #expect(looks(.neighbours, side: 6, from: 0) == [1, 6])
        #expect(looks(.neighbours, side: 6, from: 35) == [29, 34])
        #expect(looks(.horizontal, side: 6, from: 8) == [7, 9])
        #expect(looks(.horizontal, side: 6, from: 6) == [7])
        #expect(looks(.vertical, side: 6, from: 8) == [2, 14])
        #expect(looks(.vertical, side: 6, from: 35) == [29])
        #expect(looks(.left, side: 6, from: 8) == [7])
        #expect(looks(.left, side: 6, from: 6) == [])
        #expect(looks(.right, side: 6, from: 8) == [9])
        #expect(looks(.right, side: 6, from: 11) == [])
        #expect(looks(.up, side: 6, from: 8) == [2])
        #expect(looks(.up, side: 6, from: 5) == [])
        #expect(looks(.down, side: 6, from: 8) == [14])
        #expect(looks(.down, side: 6, from: 30) == [])
        #expect(looks(.board, side: 6, from: 8).count == 36)
        #expect(looks(.box, side: 9, from: 80) == [60, 61, 62, 69, 70, 71, 78, 79, 80])
        #expect(looks(.neighbours, side: 1, from: 0) == [])
    }

    /// Boxes of the sides that can be cut into some, and of those that cannot.
    @Test(arguments: [(1, 1), (4, 2), (5, 1), (6, 2), (8, 2), (9, 3), (12, 3), (13, 1), (16, 4)])
    func boxesAreAsSquareAsCanBe(side: Int, rows: Int) {
        #expect(BoardRelation.boxRows(side: side) == rows)
    }

    /// Every relation can be built for every side, and whoever is looked at looks back; where there is
    /// a direction, in the opposite one.
    @Test func allAreMutual() {
        let opposites: [BoardRelation: BoardRelation] = [
            .left: .right, .right: .left, .up: .down, .down: .up,
        ]
        for side in 1...10 {
            for relation in BoardRelation.allCases {
                for cell in 0..<(side * side) {
                    for other in looks(relation, side: side, from: cell) {
                        let back = looks(opposites[relation] ?? relation, side: side, from: other)
                        #expect(back.contains(cell))
                        #expect(opposites[relation] == nil || other != cell)
                    }
                }
            }
        }
    }

    /// The largest board that the format of a maze allows.
    @Test func largeBoardsHaveTheirMeans() {
        let relations: [BoardRelation] = [.row, .column, .box, .neighbours, .left, .board]
        let pooling = FeaturePooling(
            symbols: 1, positions: 256 * 256,
            relations: relations.map { PositionRelation($0.groups(side: 256)) })
        #expect(pooling.kinds.map(\.count) == [256, 256, 256, 65536, 65536, 1])
    }

    /// A board of one cell has no cell beside it, and no mean is a division by zero.
    @Test func aSingleCellSeesNothing() {
        let relations: [BoardRelation] = [.left, .down, .neighbours]
        let pooling = FeaturePooling(
            symbols: 1, positions: 1,
            relations: relations.map { PositionRelation($0.groups(side: 1)) })
        let (x, means) = (Matrix(rows: 1, columns: 2), Matrix(rows: 3, columns: 2))
        x.assign([1, 2])
        pooling.takeMeans(of: x, 0..<3, into: means)
        #expect(means.values == [0, 0, 0, 0, 0, 0])
    }

    /// Logits of a model after some segments, cell by cell.
    private func think(_ model: HierarchicalReasoningModel, about inputs: [Int32]) -> [[Float]] {
        var carry = Carry(batchSize: 1, model: model)
        carry.refill(
            from: TokenBatch(inputs: inputs, labels: inputs, puzzleIdentifiers: [0]), model: model)
        let engine = ReasoningEngine(
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
        ([BoardRelation.neighbours, .board], 3, [2, 1, 0, 5, 4, 3, 8, 7, 6]),
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

import Foundation
import HRMData
import HRMFiles
import HRMTensor
import Testing

/// Tasks derived from names and arrays, as in folders without `test_puzzles.json`.
@Suite struct ARCDerivationTests {
    /// Returns a test split in memory with the pairs of each name as they are on the canvas.
    private static func split(
        _ puzzles: [(name: String, pairs: [ARCPair])], size: Int = 6, hasNames: Bool = true,
        identifiers: [Int32]? = nil
    ) throws -> PuzzleDataset {
        let canvas = ARCCanvas(size: size)
        let blank = [UInt8](repeating: 0, count: canvas.sequenceLength)
        let pairs = puzzles.flatMap(\.pairs)
        let ends = puzzles.reduce(into: [Int32(0)]) { ends, puzzle in
            ends.append((ends.last ?? 0) + Int32(puzzle.pairs.count))
        }
        let arrays = PuzzleArrays(
            inputs: CompactIntegers(pairs.flatMap { canvas.encode($0.input) }),
            labels: CompactIntegers(
                pairs.flatMap { $0.output.map { canvas.encode($0) } ?? blank }),
            puzzleIdentifiers: identifiers ?? (1...Int32(puzzles.count)).map { $0 },
            puzzleIndices: ends, groupIndices: [0, Int32(puzzles.count)])
        let names = ["<blank>"] + puzzles.map(\.name)
        return try PuzzleDataset(
            metadata: DatasetMetadata(
                vocabularySize: ARCCanvas.vocabularySize, sequenceLength: canvas.sequenceLength,
                puzzleIdentifierCount: names.count, groupCount: 1,
                meanExamplesPerPuzzle: Double(pairs.count) / Double(puzzles.count)),
            sets: [arrays], identifiers: hasNames ? names : nil)
    }

    @Test(arguments: ["_", "|||"])
    func asTheFileHasThem(separator: String) throws {
        let tasks = try ARCSamples.collection(
            training: ARCDatasetBuilderTests.training,
            evaluation: ARCDatasetBuilderTests.evaluation)
        for heldOut in [ARCDatasetBuilder.HeldOut.evaluation, .all] {
            let builder = ARCDatasetBuilder(
                augmentations: 12, separator: separator, canvas: ARCCanvas(size: 9),
                heldOut: heldOut)
            try ARCDatasetBuilderTests.build(builder, tasks) { folder, _ in
                let test = try PuzzleDataset(folder: folder, split: "test")
                let known = try #require(try ARCTestPuzzles(dataFolder: folder))
                let derived = try ARCTestPuzzles(deriving: test)
                #expect(derived.tasks.map(\.name).sorted() == known.tasks.map(\.name).sorted())
                for task in derived.tasks {
                    #expect(task.tests == known.tasks.first { $0.name == task.name }?.tests)
                    #expect(task.demonstrations.isEmpty)
                }
            }
        }
    }

    /// If only augmented puzzles exist, their augmentation is undone.
    @Test func fromVariationsAlone() throws {
        let task = ARCSamples.task("x", seed: 3)
        var random = SeededGenerator(seed: 4)
        var puzzles: [(name: String, pairs: [ARCPair])] = []
        for transform in DihedralTransform.allCases {
            let colors = try #require(
                ARCColorPermutation(
                    colors: [0] + (1...9).map { UInt8($0) }.shuffled(using: &random)))
            let augmentation = ARCAugmentation(transform: transform, colors: colors)
            puzzles.append(
                (
                    augmentation.name(of: "x"),
                    task.tests.map { pair in
                        ARCPair(
                            input: augmentation.apply(to: pair.input),
                            output: pair.output.map(augmentation.apply))
                    }
                ))
        }
        let derived = try ARCTestPuzzles(deriving: Self.split(puzzles))
        #expect(derived.tasks.map(\.name) == ["x"])
        #expect(derived.tasks[0].tests == task.tests)
    }

    @Test func answersMayBeMissing() throws {
        let pair = ARCPair(input: PuzzleGrid(rows: 1, columns: 2, cells: [3, 4]), output: nil)
        let derived = try ARCTestPuzzles(deriving: Self.split([("x", [pair])]))
        #expect(derived.tasks[0].tests == [pair])
    }

    @Test func whatDoesNotTellIsRefused() throws {
        let task = ARCSamples.task("x", seed: 3)
        let other = ARCSamples.task("y", seed: 5)
        func expect(_ error: ARCDerivationError, _ split: PuzzleDataset) {
            #expect(throws: error) { try ARCTestPuzzles(deriving: split) }
            #expect(error.description.contains("hrm prepare arc"))
        }
        try expect(.noNames, Self.split([("x", task.tests)], hasNames: false))
        try expect(.onlyBlankNames, Self.split([("x", task.tests)], identifiers: [0]))
        let wrong = "x_t3_0194283576"
        try expect(
            .contradiction(name: wrong, task: "x"),
            Self.split([("x", task.tests), (wrong, other.tests)]))
        let empty = ARCPair(
            input: PuzzleGrid(rows: 0, columns: 0, cells: []), output: task.tests[0].output)
        try expect(.noGrid(name: "x"), Self.split([("x", [empty])]))
        let sudoku = try PuzzleDataset(
            metadata: DatasetMetadata(
                vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 1, groupCount: 1,
                meanExamplesPerPuzzle: 1),
            sets: [
                PuzzleArrays(
                    inputs: CompactIntegers([UInt8](repeating: 1, count: 16)),
                    labels: CompactIntegers([UInt8](repeating: 1, count: 16)),
                    puzzleIdentifiers: [0], puzzleIndices: [0, 1], groupIndices: [0, 1])
            ])
        expect(.otherTokens, sudoku)
    }

    @Test func gridsTellWhereTheyDiffer() {
        let grid = PuzzleGrid(rows: 2, columns: 3, cells: [1, 2, 3, 4, 5, 6])
        #expect(grid.cells(differingFrom: grid).isEmpty)
        let other = PuzzleGrid(rows: 3, columns: 2, cells: [1, 0, 4, 5, 0, 0])
        #expect(grid.cells(differingFrom: other) == [1, 2, 5])
        #expect(other.cells(differingFrom: grid) == [1, 4, 5])
        #expect(grid.cells(differingFrom: PuzzleGrid(rows: 0, columns: 0, cells: [])).count == 6)
    }
}

import Foundation
import HRMData
import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct GridDatasetBuilderTests {
    /// Returns pairs whose answer is the question with its symbols 1 and 2 exchanged.
    static func pairs(_ count: Int, seed: UInt64 = 1, task: String? = nil) -> [GridPair] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            let rows = Int.random(in: 2...3, using: &random)
            let input = PuzzleGrid(
                rows: rows, columns: 4,
                cells: (0..<(rows * 4)).map { _ in .random(in: 0...3, using: &random) })
            return GridPair(
                input: input, output: input.mapCells { $0 == 1 ? 2 : $0 == 2 ? 1 : $0 },
                task: task)
        }
    }

    static func build(
        _ splits: GridSplits, _ builder: GridDatasetBuilder = GridDatasetBuilder(),
        body: (URL, GridDatasetBuilder.Report) throws -> Void
    ) throws {
        try withScratchFolder { folder in
            let output = folder.appendingPathComponent("data")
            var random = SeededGenerator(seed: 2)
            let report = try builder.build(splits, output: output, using: &random)
            try body(output, report)
        }
    }

    @Test func variationsAreOfTheSamePuzzleAndDiffer() throws {
        let pairs = Self.pairs(30)
        let splits = GridSplits(train: Array(pairs[5...]), test: Array(pairs[..<5]))
        let builder = GridDatasetBuilder(
            symmetries: GridSymmetries(isDihedral: true, exchangeableSymbols: [1, 2]),
            augmentations: 9)
        try Self.build(splits, builder) { folder, report in
            #expect(
                try names(in: folder) == ["identifiers.json", "task.json", "test", "train"])
            #expect(report.task.canvas == (try GridCanvas(rows: 4, columns: 4)))
            #expect(report.task.alphabet == .numbers(4))
            let train = try PuzzleDataset(folder: folder, split: "train")
            #expect(train.task == .grid(report.task))
            #expect(train.metadata.vocabularySize == 6)
            #expect(train.exampleCount == report.trainingExamples)
            #expect(train.metadata.groupCount == 25)
            let tested = Set(splits.test.map(\.input))
            for group in 0..<25 {
                let members = Array(train.sets[0].puzzles(ofGroup: group))
                #expect((6...10).contains(members.count))
                let batch = train.batch(examples: members, puzzles: members)
                var seen: Set<[Int32]> = []
                for row in members.indices {
                    let cells = (row * 16)..<((row + 1) * 16)
                    let input = report.task.grid(in: batch.inputs[cells])
                    let output = report.task.grid(in: batch.labels[cells])
                    #expect(output == input.mapCells { $0 == 1 ? 2 : $0 == 2 ? 1 : $0 })
                    #expect(!tested.contains(input))
                    #expect(seen.insert(Array(batch.inputs[cells])).inserted)
                    if row == 0 { #expect(input == splits.train[group].input) }
                }
            }
        }
    }

    @Test func theEightImagesAreAllThereOnce() throws {
        let pairs = Self.pairs(9)
        let splits = GridSplits(train: Array(pairs[1...]), test: [pairs[0]])
        let builder = GridDatasetBuilder(
            symmetries: GridSymmetries(isDihedral: true), augmentations: 100)
        try Self.build(splits, builder) { folder, report in
            let train = try PuzzleDataset(folder: folder, split: "train")
            for group in 0..<8 {
                let distinct = Set(
                    DihedralTransform.allCases.map { $0.apply(to: splits.train[group].input) })
                #expect(train.sets[0].puzzles(ofGroup: group).count == distinct.count)
            }
        }
    }

    @Test func aCanvasOfItsOwnLeavesOutImagesThatDoNotFit() throws {
        let pairs = Self.pairs(6)
        let splits = GridSplits(train: Array(pairs[1...]), test: [pairs[0]])
        let builder = GridDatasetBuilder(
            symmetries: GridSymmetries(isDihedral: true), augmentations: 7,
            canvas: try GridCanvas(rows: 3, columns: 5))
        try Self.build(splits, builder) { folder, report in
            #expect(report.trainingExamples <= 5 * 4)
            let train = try PuzzleDataset(folder: folder, split: "train")
            #expect(train.metadata.sequenceLength == 15)
        }
        var random = SeededGenerator(seed: 1)
        #expect(throws: GridBuildError.self) {
            try withScratchFolder { folder in
                _ = try GridDatasetBuilder(canvas: try GridCanvas(rows: 3, columns: 3)).build(
                    splits, output: folder.appendingPathComponent("d"), using: &random)
            }
        }
    }

    @Test func tasksBecomeIdentifiers() throws {
        let splits = GridSplits(
            train: Self.pairs(3, seed: 1, task: "b") + Self.pairs(3, seed: 2, task: "a"),
            test: Self.pairs(2, seed: 3, task: "b") + Self.pairs(1, seed: 4, task: "c"))
        try Self.build(splits) { folder, report in
            #expect(report.task.names == ["a", "b", "c"])
            #expect(report.untrainedPairs == 1)
            let train = try PuzzleDataset(folder: folder, split: "train")
            #expect(train.identifiers == ["<blank>", "a", "b", "c"])
            #expect(train.sets[0].puzzleIdentifiers == [2, 2, 2, 1, 1, 1])
            #expect(report.task.identifier(of: "c") == 3)
            #expect(report.task.identifier(of: nil) == nil)
            #expect(report.task.identifier(of: "d") == nil)
        }
    }

    @Test func splitsByShareKeepEqualQuestionsTogether() {
        let some = Self.pairs(40)
        let pairs = some + some.prefix(20)
        var sizes: [Int] = []
        for seed in 0..<20 {
            var random = SeededGenerator(seed: UInt64(seed))
            let splits = GridSplits(dividing: pairs, testShare: 0.25, using: &random)
            #expect(splits.train.count + splits.test.count == pairs.count)
            #expect(
                Set(splits.train.map(\.input)).isDisjoint(with: splits.test.map(\.input)))
            sizes.append(splits.test.count)
            var again = SeededGenerator(seed: UInt64(seed))
            #expect(splits == GridSplits(dividing: pairs, testShare: 0.25, using: &again))
        }
        #expect(sizes.allSatisfy { (15...16).contains($0) })
    }

    @Test func whatCannotBeBuiltLeavesNothing() throws {
        let pairs = Self.pairs(4)
        let cases: [(GridSplits, GridDatasetBuilder, GridBuildError)] = [
            (
                GridSplits(train: [], test: pairs), GridDatasetBuilder(),
                .noPairs(split: "train")
            ),
            (GridSplits(train: pairs, test: []), GridDatasetBuilder(), .noPairs(split: "test")),
            (
                GridSplits(train: pairs + Self.pairs(1, task: "x"), test: pairs),
                GridDatasetBuilder(), .namelessPair
            ),
            (
                GridSplits(train: pairs, test: pairs),
                GridDatasetBuilder(symmetries: GridSymmetries(exchangeableSymbols: [1, 9])),
                .unknownSymbol(9, count: 4)
            ),
        ]
        for (splits, builder, expected) in cases {
            try withScratchFolder { (folder) throws -> Void in
                var random = SeededGenerator(seed: 1)
                #expect(throws: expected) {
                    try builder.build(
                        splits, output: folder.appendingPathComponent("x/d"), using: &random)
                }
                #expect(try names(in: folder).isEmpty)
            }
        }
    }

    @Test func sharedQuestionsAreReported() throws {
        let pairs = Self.pairs(4)
        try Self.build(GridSplits(train: pairs, test: [pairs[1]])) { _, report in
            #expect(report.sharedPairs == 1)
        }
    }
}

@Suite struct BinaryPuzzleGeneratorTests {
    /// Returns all solutions of a puzzle by a cell-by-cell search, independent of the generator's.
    static func solutions(of puzzle: PuzzleGrid) -> [PuzzleGrid] {
        guard let cell = puzzle.cells.firstIndex(of: 0) else { return [puzzle] }
        var found: [PuzzleGrid] = []
        for value in [UInt8(1), 2] {
            var next = puzzle
            next[cell / puzzle.columns, cell % puzzle.columns] = value
            if obeysRules(next) { found += solutions(of: next) }
        }
        return found
    }

    static func obeysRules(_ grid: PuzzleGrid) -> Bool {
        let size = grid.rows
        let rows = (0..<size).map { row in (0..<size).map { grid[row, $0] } }
        let columns = (0..<size).map { column in (0..<size).map { grid[$0, column] } }
        return (rows + columns).allSatisfy { line in
            [UInt8(1), 2].allSatisfy { value in
                line.count { $0 == value } <= size / 2
                    && !(0..<(size - 2)).contains { line[$0..<($0 + 3)].allSatisfy { $0 == value } }
            }
        }
    }

    @Test(arguments: [(4, 6), (6, 14), (6, 20)])
    func puzzlesHaveOneSolution(size: Int, givens: Int) throws {
        var random = SeededGenerator(seed: 12)
        var generator = try BinaryPuzzleGenerator(size: size, givens: givens)
        var seen: Set<PuzzleGrid> = []
        var boards: Set<PuzzleGrid> = []
        for _ in 0..<20 {
            let pair = try generator.next(using: &random)
            #expect(seen.insert(pair.input).inserted)
            boards.insert(pair.output)
            #expect(pair.input.cells.count { $0 > 0 } >= givens)
            #expect(Self.solutions(of: pair.input) == [pair.output])
            for transform in DihedralTransform.allCases {
                let image = GridSymmetry(transform: transform, symbolMap: [0, 2, 1])
                    .apply(to: pair)
                #expect(Self.obeysRules(image.output) && !image.output.cells.contains(0))
            }
        }
        // There are 90 boards of four rows and 11,222 of six.
        #expect(boards.count >= (size == 4 ? 12 : 19))
    }

    @Test func impossibleWishesAreRefused() throws {
        #expect(throws: BinaryPuzzleError.size(5)) {
            try BinaryPuzzleGenerator(size: 5, givens: 3)
        }
        #expect(throws: BinaryPuzzleError.givens(36, size: 6)) {
            try BinaryPuzzleGenerator(size: 6, givens: 36)
        }
        var random = SeededGenerator(seed: 1)
        var generator = try BinaryPuzzleGenerator(size: 4, givens: 15)
        generator.attemptsPerPuzzle = 300
        // 90 boards with one blank cell: there are at most 90 · 16 puzzles.
        #expect {
            for _ in 0...1440 { _ = try generator.next(using: &random) }
        } throws: { error in
            guard case .exhausted? = error as? BinaryPuzzleError else { return false }
            return true
        }
    }
}

import Foundation
import HRMData
import HRMFiles
import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct SudokuDatasetBuilderTests {
    static func puzzles(_ count: Int, _ geometry: SudokuGeometry, seed: UInt64) throws
        -> [SudokuPuzzle]
    {
        var random = SeededGenerator(seed: seed)
        var generator = try SudokuGenerator(geometry)
        return try (0..<count).map { _ in try generator.next(using: &random) }
    }

    static func csv(_ puzzles: [SudokuPuzzle]) -> String {
        "source,question,answer,rating\n"
            + puzzles.map { "\($0.source),\($0.question),\($0.answer),\($0.rating ?? 0)\n" }
            .joined()
    }

    /// Returns the questions and answers of a split as boards.
    static func boards(
        _ dataset: PuzzleDataset, _ geometry: SudokuGeometry
    ) throws -> [(question: SudokuBoard, answer: SudokuBoard)] {
        try EvaluationBatches(dataset, batchSize: 1).map { batch in
            (
                try SudokuBoard(tokens: batch.inputs, geometry: geometry),
                try SudokuBoard(tokens: batch.labels, geometry: geometry)
            )
        }
    }

    @Test(arguments: SudokuGeometry.all)
    func buildsBothSplits(_ geometry: SudokuGeometry) throws {
        let all = try Self.puzzles(9, geometry, seed: 41)
        let (train, test) = (Array(all.prefix(5)), Array(all.suffix(4)))
        try withScratchFolder { folder in
            let output = folder.appendingPathComponent("deep/er/data")
            var random = SeededGenerator(seed: 42)
            var progress: [String] = []
            let report = try SudokuDatasetBuilder(augmentations: 3).build(
                train: .puzzles(train), test: .puzzles(test), output: output, using: &random
            ) { progress.append("\($0) \($1)") }
            #expect(report.geometry == geometry)
            #expect(report.trainingPuzzles == 5)
            #expect(report.trainingExamples == 20)
            #expect(report.testPuzzles == 4)
            #expect(report.sharedPuzzles == 0)
            #expect(progress == ["test 4", "train 5"])
            let described = geometry.size == 8 || !geometry.isUsual ? ["task.json"] : []
            #expect(try names(in: output) == ["identifiers.json"] + described + ["test", "train"])

            let training = try PuzzleDataset(folder: output, split: "train")
            #expect(
                training.metadata
                    == DatasetMetadata(
                        vocabularySize: geometry.size + 2, sequenceLength: geometry.cellCount,
                        groupCount: 5))
            #expect(training.identifiers == ["<blank>"])
            #expect(training.task == .sudoku(geometry))
            #expect(training.sets[0].elementTypes.inputs == .uint8)
            #expect(training.sets[0].groupIndices == [0, 4, 8, 12, 16, 20])
            #expect(training.sets[0].puzzleIndices == (0...20).map { Int32($0) })
            let boards = try Self.boards(training, geometry)
            for (index, board) in boards.enumerated() {
                let original = train[index / 4]
                if index.isMultiple(of: 4) {
                    #expect(board == (original.question, original.answer))
                } else {
                    #expect(board.question != original.question)
                }
                #expect(board.answer.isSolved)
                #expect(board.answer.isConsistent(with: board.question))
                #expect(board.question.givenCount == original.question.givenCount)
            }
            let tested = try Self.boards(PuzzleDataset(folder: output, split: "test"), geometry)
            #expect(tested.map(\.question) == test.map(\.question))
            #expect(tested.map(\.answer) == test.map(\.answer))
        }
    }

    @Test func seedDecides() throws {
        let puzzles = try Self.puzzles(6, .six, seed: 43)
        func build(_ seed: UInt64, _ folder: URL) throws -> [PuzzleDataset] {
            let output = folder.appendingPathComponent(UUID().uuidString)
            var random = SeededGenerator(seed: seed)
            _ = try SudokuDatasetBuilder(subsample: 3, augmentations: 2).build(
                train: .puzzles(Array(puzzles.prefix(5))), test: .puzzles([puzzles[5]]),
                output: output, using: &random)
            return try ["train", "test"].map { try PuzzleDataset(folder: output, split: $0) }
        }
        try withScratchFolder { folder in
            #expect(try build(1, folder) == build(1, folder))
            let (first, other) = (try build(1, folder), try build(2, folder))
            #expect(first[0] != other[0])
            #expect(first[1] == other[1])
        }
    }

    @Test func subsampleIsFairAndWithoutReplacement() throws {
        let puzzles = try Self.puzzles(7, .four, seed: 44)
        let numbers = Dictionary(
            uniqueKeysWithValues: puzzles.prefix(6).enumerated().map { ($1.question, $0) })
        try withScratchFolder { folder in
            let train = folder.appendingPathComponent("train.csv")
            try write(Self.csv(Array(puzzles.prefix(6))), to: train)
            var random = SeededGenerator(seed: 45)
            var chosen = [Int](repeating: 0, count: 6)
            var first = chosen
            for trial in 0..<60 {
                let output = folder.appendingPathComponent("\(trial)")
                _ = try SudokuDatasetBuilder(subsample: 3).build(
                    train: .csv(train), test: .puzzles([puzzles[6]]), output: output,
                    using: &random)
                let boards = try Self.boards(
                    PuzzleDataset(folder: output, split: "train"), .four)
                let indices = try boards.map { try #require(numbers[$0.question]) }
                #expect(Set(indices).count == 3)
                for index in indices { chosen[index] += 1 }
                first[indices[0]] += 1
            }
            // 30 and 10 are expected; the bounds are about four standard deviations away.
            #expect(chosen.allSatisfy { (15...45).contains($0) }, "\(chosen)")
            #expect(first.allSatisfy { (1...22).contains($0) }, "\(first)")
            #expect(throws: SudokuBuildError.subsampleTooLarge(wanted: 7, available: 6)) {
                try SudokuDatasetBuilder(subsample: 7).build(
                    train: .csv(train), test: .puzzles([puzzles[6]]),
                    output: folder.appendingPathComponent("x"), using: &random)
            }
        }
    }

    @Test func referenceStorageIsWide() throws {
        let puzzles = try Self.puzzles(2, .four, seed: 46)
        try withScratchFolder { folder in
            for (augmentations, expected) in [(1, NPYElementType.int64), (0, .uint8)] {
                let output = folder.appendingPathComponent("\(augmentations)")
                var random = SeededGenerator(seed: 47)
                _ = try SudokuDatasetBuilder(augmentations: augmentations, storage: .reference)
                    .build(
                        train: .puzzles([puzzles[0]]), test: .puzzles([puzzles[1]]),
                        output: output, using: &random)
                let training = try PuzzleDataset(folder: output, split: "train")
                #expect(training.sets[0].elementTypes.labels == expected)
                let test = try PuzzleDataset(folder: output, split: "test")
                #expect(test.sets[0].elementTypes.labels == .uint8)
            }
        }
    }

    @Test func shufflesAvoidTestPuzzles() throws {
        // With 15 givens there are few shuffles, so random ones would often equal the test puzzle.
        let answer = try SudokuBoard(parsing: "1234341221434321")
        var tests: [SudokuPuzzle] = []
        for cell in 0..<16 where cell != 5 {
            var question = answer
            question[cell] = 0
            tests.append(SudokuPuzzle(question: question, answer: answer))
        }
        var question = answer
        question[5] = 0
        let train = SudokuPuzzle(question: question, answer: answer)
        try withScratchFolder { folder in
            let output = folder.appendingPathComponent("data")
            var random = SeededGenerator(seed: 48)
            let report = try SudokuDatasetBuilder(augmentations: 3000).build(
                train: .puzzles([train, tests[0]]), test: .puzzles(tests), output: output,
                using: &random)
            #expect(report.sharedPuzzles == 1)
            let dataset = try PuzzleDataset(folder: output, split: "train")
            let tested = Set(tests.map(\.question))
            let met = try Self.boards(dataset, .four).filter { tested.contains($0.question) }
            // Only the shared unaugmented puzzle.
            #expect(met.count == 1)
        }
    }

    @Test func failuresLeaveNothing() throws {
        let puzzles = try Self.puzzles(3, .four, seed: 49)
        let large = try Self.puzzles(1, .six, seed: 49)
        try withScratchFolder { folder in
            let good = folder.appendingPathComponent("good.csv")
            try write(Self.csv(puzzles), to: good)
            let bad = folder.appendingPathComponent("bad.csv")
            try write(Self.csv(puzzles) + "short,12\n", to: bad)
            let output = folder.appendingPathComponent("parent/data")
            func error(
                _ train: SudokuDatasetBuilder.Source, _ test: SudokuDatasetBuilder.Source,
                _ output: URL
            ) -> SudokuBuildError? {
                var random = SeededGenerator(seed: 50)
                do {
                    _ = try SudokuDatasetBuilder(augmentations: 1).build(
                        train: train, test: test, output: output, using: &random)
                    return nil
                } catch {
                    return error
                }
            }
            let shortRow = SudokuBuildError.csv(
                SudokuCSVError(
                    path: bad.path, line: 5, problem: .table(.fieldCount(found: 2, expected: 4))))
            #expect(error(.csv(bad), .csv(good), output) == shortRow)
            #expect(error(.csv(good), .csv(bad), output) == shortRow)
            #expect(error(.puzzles([]), .csv(good), output) == .noPuzzles(split: "train"))
            #expect(error(.csv(good), .puzzles([]), output) == .noPuzzles(split: "test"))
            #expect(
                error(.puzzles(large), .csv(good), output)
                    == .mixedSizes(found: .six, expected: .four))
            #expect(
                error(.csv(good), .csv(good), good)
                    == .dataset(.outputExists(path: good.path)))
            guard
                case .dataset(.unwritable)? = error(
                    .csv(good), .csv(good), good.appendingPathComponent("data"))
            else {
                Issue.record("a folder inside a file was not refused")
                return
            }
            #expect(try names(in: folder) == ["bad.csv", "good.csv"])
        }
    }
}

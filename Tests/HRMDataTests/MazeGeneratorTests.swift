import Foundation
import HRMData
import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct MazeGeneratorTests {
    static func mazes(
        _ count: Int, size: MazeSize, length: Int? = nil, unique: Bool = false, seed: UInt64 = 1
    ) throws -> [MazePuzzle] {
        var random = SeededGenerator(seed: seed)
        var generator = try MazeGenerator(
            size: size, minimumPathLength: length, requiresUniquePath: unique)
        return try (0..<count).map { _ in try generator.next(using: &random) }
    }

    @Test(
        arguments: [
            (2, 2), (5, 2), (5, 9), (9, 4), (9, 20), (12, 12), (30, 111),
            (MazeSize(rows: 4, columns: 9), 8), (MazeSize(rows: 11, columns: 3), 9),
        ] as [(MazeSize, Int)])
    func mazesAreAsWanted(size: MazeSize, length: Int) throws {
        let mazes = try Self.mazes(size == 2 ? 8 : 25, size: size, length: length)
        #expect(Set(mazes.map(\.question)).count == mazes.count)
        for maze in mazes {
            #expect(maze.question.size == size)
            #expect(maze.pathLength >= length)
            // Checks start, goal, connection, and that the answer is a shortest path.
            #expect(
                try MazePuzzle(question: maze.question, answer: maze.answer).pathLength
                    == maze.pathLength)
            #expect(try maze.question.solved().maze == maze.answer)
            #expect(try MazeTests.shortestLength(maze.question) == maze.pathLength)
        }
    }

    @Test func theyLookLikeThePublishedOnes() throws {
        let mazes = try Self.mazes(40, size: 30, length: 110)
        let walls = mazes.reduce(0) { $0 + $1.question.cells.count { $0 == .wall } }
        let share = Double(walls) / Double(40 * 900)
        // The published mazes have 0.371 on average, individual ones 0.28 to 0.45.
        #expect((0.35...0.39).contains(share), "\(share)")
    }

    @Test func uniqueWaysAreUnique() throws {
        for maze in try Self.mazes(100, size: 8, length: 6, unique: true) {
            // Without any one cell of the path, every other path is longer.
            for cell in maze.answer.cells.indices where maze.answer[cell] == .path {
                var blocked = maze.question
                blocked[cell] = .wall
                let length = try? blocked.solved().length
                #expect(length ?? .max > maze.pathLength)
            }
        }
    }

    @Test func equalSeedsGiveEqualMazes() throws {
        #expect(try Self.mazes(20, size: 9, seed: 4) == Self.mazes(20, size: 9, seed: 4))
        #expect(try Self.mazes(20, size: 9, seed: 4) != Self.mazes(20, size: 9, seed: 5))
    }

    @Test func impossibleWishesAreRefused() {
        for (size, length, walls) in [
            (1, 2, 0.3), (129, 2, 0.3), (9, 1, 0.3), (9, 66, 0.3), (2, 4, 0.3), (9, 9, 1.0),
            (9, 9, -0.1), (9, 9, .nan), (MazeSize(rows: 2, columns: 129), 2, 0.3),
            (MazeSize(rows: 2, columns: 4), 7, 0.3),
        ] as [(MazeSize, Int, Double)] {
            #expect(throws: MazeGenerationError.self) {
                try MazeGenerator(size: size, minimumPathLength: length, wallShare: walls)
            }
        }
        #expect(MazeGenerator.longestPath(size: 2) == 3)
        #expect(MazeGenerator.longestPath(size: 3) == 8)
        #expect(MazeGenerator.longestPath(size: MazeSize(rows: 3, columns: 4)) == 10)
    }

    @Test func wishesThatChanceDoesNotFulfilEnd() throws {
        var random = SeededGenerator(seed: 2)
        var long = try MazeGenerator(size: 9, minimumPathLength: 60)
        long.attemptsPerMaze = 200
        #expect {
            _ = try long.next(using: &random)
        } throws: { error in
            guard
                case .lengthNotReached(60, size: 9, attempts: 200, let longest)? =
                    error as? MazeGenerationError
            else { return false }
            return (9..<60).contains(longest) && "\(error)".contains("ask for less")
        }
        // There are at most 4 · 3 · 2² mazes of two rows.
        var small = try MazeGenerator(size: 2)
        small.attemptsPerMaze = 500
        var made = 0
        #expect {
            while made < 49 {
                _ = try small.next(using: &random)
                made += 1
            }
        } throws: { error in
            error as? MazeGenerationError == .exhausted(size: 2, attempts: 500, made: made)
        }
        #expect(made > 10)
    }

    @Test func excludedMazesAreNotMade() throws {
        let first = try Self.mazes(10, size: 4, seed: 9)
        var random = SeededGenerator(seed: 9)
        var generator = try MazeGenerator(size: 4)
        for maze in first { generator.exclude(maze.question) }
        let others = try (0..<10).map { _ in try generator.next(using: &random) }
        #expect(Set(first.map(\.question)).isDisjoint(with: others.map(\.question)))
    }
}

@Suite struct MazeDatasetBuilderTests {
    @Test(arguments: [false, true])
    func foldersHoldTheMazes(isAugmented: Bool) throws {
        try withScratchFolder { folder in
            let mazes = try MazeGeneratorTests.mazes(12, size: 5)
            let output = folder.appendingPathComponent("deep/data")
            var random = SeededGenerator(seed: 1)
            let report = try MazeDatasetBuilder(subsample: 6, isAugmented: isAugmented).build(
                train: .puzzles(Array(mazes[4...])), test: .puzzles(Array(mazes[..<4])),
                output: output, using: &random)
            #expect(try names(in: output) == ["identifiers.json", "task.json", "test", "train"])
            #expect(report.trainingExamples == (isAugmented ? 48 : 6))
            let train = try PuzzleDataset(folder: output, split: "train")
            #expect(train.task == .maze(size: 5))
            #expect(train.metadata.groupCount == 6)
            let known = Set(mazes[4...].map(\.question))
            for group in 0..<6 {
                let members = train.sets[0].puzzles(ofGroup: group)
                #expect(members.count == (isAugmented ? 8 : 1))
                let batch = train.batch(examples: Array(members), puzzles: Array(members))
                for row in members.indices {
                    let cells =
                        ((row - members.lowerBound) * 25)..<((row - members.lowerBound + 1) * 25)
                    let question = try Maze(tokens: batch.inputs[cells])
                    if row == members.lowerBound { #expect(known.contains(question)) }
                    let scorer = try #require(train.task?.scorer)
                    #expect(scorer.name == "valid_path")
                    #expect(scorer.accepts(Array(batch.labels[cells]), to: batch.inputs[cells]))
                    #expect(
                        !scorer.accepts(Array(batch.inputs[cells]), to: batch.inputs[cells])
                            || question.cells.count { $0 == .path } == 0)
                }
            }
        }
    }

    /// A rectangle has four images of its own size, and its folder states the size.
    @Test func rectanglesMakeAFolder() throws {
        try withScratchFolder { folder in
            let size = MazeSize(rows: 4, columns: 6)
            let mazes = try MazeGeneratorTests.mazes(6, size: size)
            let output = folder.appendingPathComponent("data")
            var random = SeededGenerator(seed: 1)
            let report = try MazeDatasetBuilder(isAugmented: true).build(
                train: .puzzles(Array(mazes[2...])), test: .puzzles(Array(mazes[..<2])),
                output: output, using: &random)
            #expect(report.size == size && report.trainingExamples == 16)
            let test = try PuzzleDataset(folder: output, split: "test")
            #expect(test.task == .maze(size: size))
            let batch = test.batch(examples: [0, 1], puzzles: [0, 1])
            let scorer = try #require(test.task?.scorer)
            for row in 0..<2 {
                let cells = (row * 24)..<((row + 1) * 24)
                #expect(scorer.accepts(Array(batch.labels[cells]), to: batch.inputs[cells]))
                #expect(
                    try Maze(tokens: batch.inputs[cells], size: size) == mazes[row].question)
            }
        }
    }

    @Test func whatCannotBeBuiltLeavesNothing() throws {
        try withScratchFolder { folder in
            let five = try MazeGeneratorTests.mazes(3, size: 5)
            let six = try MazeGeneratorTests.mazes(3, size: 6)
            func build(
                _ train: [MazePuzzle], _ test: [MazePuzzle], subsample: Int? = nil
            ) -> MazeBuildError? {
                var random = SeededGenerator(seed: 1)
                do {
                    _ = try MazeDatasetBuilder(subsample: subsample).build(
                        train: .puzzles(train), test: .puzzles(test),
                        output: folder.appendingPathComponent("data"), using: &random)
                    return nil
                } catch {
                    return error
                }
            }
            #expect(build(five, six) == .mixedSizes(found: 5, expected: 6))
            #expect(build([], five) == .noPuzzles(split: "train"))
            #expect(build(five, []) == .noPuzzles(split: "test"))
            #expect(
                build(five, five, subsample: 4) == .subsampleTooLarge(wanted: 4, available: 3))
            #expect(try names(in: folder).isEmpty)
            #expect(build(five, five) == nil)
            let again = build(five, five)
            #expect("\(again.map(String.init(describing:)) ?? "")".contains("exists already"))
        }
    }
}

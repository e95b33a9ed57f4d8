import Foundation
import HRMData
import Testing
import _HRMTestSupport

@Suite struct MazeCSVReaderTests {
    static let question = "S #  ## G"
    static let answer = "S #oo##oG"
    static let good = "a,\(question),\(answer),5"

    static func read(
        _ bytes: some Sequence<UInt8>, checksAnswers: Bool = true
    ) throws -> (puzzles: [MazePuzzle], error: MazeCSVError?) {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("mazes.csv")
            try Data(bytes).write(to: url)
            var puzzles: [MazePuzzle] = []
            do {
                var reader = try MazeCSVReader(contentsOf: url, checksAnswers: checksAnswers)
                while let puzzle = try reader.next() { puzzles.append(puzzle) }
            } catch let error as MazeCSVError {
                #expect(error.path == url.path)
                return (puzzles, error)
            }
            return (puzzles, nil)
        }
    }

    @Test(arguments: [
        "source,question,answer,rating\n\(good)\n", good, "\(good)\r\n\r\n",
        "ANSWER,question,source\n\(answer),\(question),a",
        "answer,x,question,rating,source\n\"\(answer)\",,\(question),,a\n",
        "a,S #/  #/# G,S #/oo#/#oG,5", "a,S.#..##.G,S.#/oo#/#oG,5",
        "a,\"S #\n  #\n# G\",\"S #\r\noo#\r\n#oG\",5",
        "\u{FEFF}source,question,answer,rating\r\(good)\r",
    ])
    func acceptsSpellings(_ text: String) throws {
        let result = try Self.read(text.utf8)
        #expect(result.error == nil)
        let expected = try MazePuzzle(
            source: "a", question: Maze(parsing: Self.question),
            answer: Maze(parsing: Self.answer))
        #expect(result.puzzles == [expected])
        #expect(expected.pathLength == 5)
    }

    static let broken: [(row: String, problem: MazeCSVError.Problem)] = [
        ("a,\(question)", .table(.fieldCount(found: 2, expected: 4))),
        ("a,\(question)x,\(answer),1", .maze(column: "question", .notSquare(cells: 10))),
        ("a,\(question),S #oo##o,1", .maze(column: "answer", .notSquare(cells: 8))),
        (
            "a,S #  #? G,\(answer),1",
            .maze(column: "question", .invalidCharacter("?", cell: 6, size: 3))
        ),
        ("a,  #  ## G,\(answer),1", .puzzle(.missing(.start))),
        ("a,S #  ##  ,\(answer),1", .puzzle(.missing(.goal))),
        ("a,S #  ###G,S #  ###G,1", .puzzle(.noPath)),
        (
            "a,\(question),S  oo##oG,1",
            .puzzle(.contradiction(cell: 2, size: 3, question: .wall, answer: .open))
        ),
        ("a,\(question),S #o ##oG,1", .puzzle(.notShortest(.notConnected))),
        ("a,\(question),So#oo##oG,1", .puzzle(.notShortest(.tooLong(cells: 6, shortest: 5)))),
        ("a,S  G,So G,1", .mixedSizes(found: 2, expected: 3)),
        (
            "a,S  /  G,Soo/  G,1",
            .mixedSizes(found: .init(rows: 2, columns: 3), expected: 3)
        ),
        (
            "a,S*#/  #/# G,\(answer),1",
            .maze(column: "question", .invalidCharacter("*", cell: 1, size: 3))
        ),
        ("a,\"\(question),\(answer),1", .table(.openQuote)),
    ]

    @Test(arguments: broken.indices)
    func errorsNameTheLine(_ index: Int) throws {
        let sample = Self.broken[index]
        let result = try Self.read(
            "source,question,answer,rating\n\(Self.good)\n\(sample.row)\n\(Self.good)\n".utf8)
        #expect(result.puzzles.count == 1)
        #expect(result.error?.problem == sample.problem)
        #expect(result.error?.line == 3)
        #expect(result.error?.description.contains("mazes.csv, line 3: ") == true)
    }

    @Test func answersMayBeTakenUnchecked() throws {
        let result = try Self.read("a,\(Self.question),So#oo##oG,1".utf8, checksAnswers: false)
        #expect(result.error == nil)
        #expect(result.puzzles.count == 1)
    }

    @Test func missingAnswersAreToldAsSuch() throws {
        for text in ["\(Self.question)\n", "question\n\(Self.question)\n"] {
            let error = try #require(try Self.read(text.utf8).error)
            #expect(error.problem == .table(.noAnswer("answer")) && error.line == 1)
            #expect(error.description.contains("'hrm prepare maze --generate' makes mazes"))
        }
    }

    @Test func otherFilesAreRefused() throws {
        #expect(
            try Self.read("question,rating\n".utf8).error?.problem
                == .table(.missingColumn("answer")))
        try withScratchFolder { (folder) -> Void in
            let missing = folder.appendingPathComponent("none.csv")
            #expect(throws: MazeCSVError.self) { try MazeCSVReader(contentsOf: missing) }
        }
    }

    /// Damaged files give solvable mazes, or an error with its place.
    @Test func survivesMutation() throws {
        let series = Mutations(
            "maze CSV", count: 3000, seed: 40_26, telling: "#SGo .,\"\n\r".utf8)
        let whole = Array("source,question,answer,rating\n\(Self.good)\n\(Self.good)\n".utf8)
        let readable = try series.run(on: [whole]) { round in
            let result = try Self.read(round.bytes)
            for puzzle in result.puzzles {
                #expect(
                    try puzzle.question.solved().length == puzzle.pathLength,
                    "\(round.description)")
                #expect(
                    MazeAnswer(puzzle.answer, to: puzzle.question).verdict == .valid,
                    "\(round.description)")
            }
            return result.error == nil
        }
        #expect(readable < series.count * 5 / 6)
    }

    /// The search reproduces every published answer, cell for cell.
    @Test(
        .enabled(
            if: SharedData.has("maze-30x30-hard"), "Maze-Hard is not beside the repository"),
        arguments: [("train.csv", 1000), ("test.csv", 200)])
    func findsThePublishedWays(file: String, count: Int) throws {
        var reader = try MazeCSVReader(contentsOf: SharedData.url("maze-30x30-hard/\(file)"))
        var found = 0
        while let puzzle = try reader.next() {
            found += 1
            #expect(try puzzle.question.solved().maze == puzzle.answer)
            #expect(puzzle.pathLength >= 110)
        }
        #expect(found == count)
        #expect(reader.size == 30)
    }
}

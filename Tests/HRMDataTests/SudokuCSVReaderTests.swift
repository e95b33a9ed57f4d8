import Foundation
import Testing
import _HRMTestSupport

@testable import HRMData

@Suite struct SudokuCSVReaderTests {
    static let question = "1.3.341221434321"
    static let answer = "1234341221434321"

    /// Reads a file with this text to its end, or to its first error.
    static func read(_ text: String) throws -> (puzzles: [SudokuPuzzle], error: SudokuCSVError?) {
        try read(bytes: text.utf8)
    }

    /// Reads a file with bytes that may not be text.
    static func read(
        bytes: some Sequence<UInt8>
    ) throws -> (puzzles: [SudokuPuzzle], error: SudokuCSVError?) {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("puzzles.csv")
            try Data(bytes).write(to: url)
            var puzzles: [SudokuPuzzle] = []
            do {
                var reader = try SudokuCSVReader(contentsOf: url)
                while let puzzle = try reader.next() { puzzles.append(puzzle) }
            } catch let error as SudokuCSVError {
                #expect(error.path == url.path)
                return (puzzles, error)
            }
            return (puzzles, nil)
        }
    }

    static let spellings = [
        "source,question,answer,rating\na,\(question),\(answer),7\n",
        "a,\(question),\(answer),7",
        "\u{FEFF}source,question,answer,rating\r\na,\(question),\(answer),7\r\n\r\n",
        "\n\n\"a\",\"\(question)\",\(answer),\"7\"\n",
        "Answer, Question ,Rating,Source\r\(answer),\(question),7,a\r",
        "rating,source,x,question,answer\n7,a,,\(question),\(answer)\n",
    ]

    @Test(arguments: spellings)
    func acceptsSpellings(_ text: String) throws {
        let result = try Self.read(text)
        #expect(result.error == nil)
        let expected = try SudokuPuzzle(
            source: "a", question: SudokuBoard(parsing: Self.question),
            answer: SudokuBoard(parsing: Self.answer), rating: 7)
        #expect(result.puzzles == [expected])
    }

    @Test func keepsQuotedCommasAndLines() throws {
        let text = "\"a, \"\"b\"\"\nc\",\(Self.question),\(Self.answer),\nx,\(Self.answer),bad,1\n"
        let result = try Self.read(text)
        #expect(result.puzzles.first?.source == "a, \"b\"\nc")
        #expect(result.puzzles.first?.rating == nil)
        // Line numbers include the line end inside the quotes.
        #expect(result.error?.line == 3)
    }

    @Test func optionalColumnsMayBeMissing() throws {
        let result = try Self.read("question,answer\n\(Self.question),\(Self.answer)\n")
        #expect(result.error == nil)
        #expect(result.puzzles.map(\.source) == [""])
        #expect(result.puzzles.map(\.rating) == [nil])
    }

    static let otherSpellings = [
        "quizzes,solutions\n\(question),\(answer)\n",
        "id,puzzle,solution,clues,difficulty\n7,\(question),\(answer),14,2.5\n",
        "Puzzle;Solution\n\(question);\(answer)\n",
        "puzzle\tsolution\n\(question)\t\(answer)\n",
        "\(question);\(answer)\n", "\(question)\t\(answer)", "\(question),\(answer)\n",
        "3;\(question);14;\(answer)\n", "nr,a,b\n3,\(question),\(answer)\n",
        "question,puzzle,answer\n\(question),x,\(answer)\n",
        "solution,quiz\n\(answer), \(question) \n",
        "question,answer\n\(question.replacing(".", with: "x")),\(answer)\n",
    ]

    /// Common forms of files: other column names, no names, other separators.
    @Test(arguments: otherSpellings)
    func filesThatPeopleHave(_ text: String) throws {
        let result = try Self.read(text)
        #expect(result.error == nil, "\(String(describing: result.error))")
        #expect(result.puzzles.map(\.question.description) == [Self.question])
        #expect(result.puzzles.map(\.answer.description) == [Self.answer])
    }

    /// Duplicate names make the column ambiguous.
    @Test(arguments: [
        "question,answer,question", "puzzle,quiz,answer", "source,question,answer,source",
        "question,solution,solutions",
    ])
    func columnsAreNamedOnce(_ header: String) throws {
        let error = try #require(
            try Self.read("\(header)\n\(Self.question),\(Self.answer),\(Self.question),a\n").error)
        guard case .table(.repeatedColumn) = error.problem else {
            Issue.record("\(error)")
            return
        }
        #expect(error.line == 1 && "\(error)".contains("2 times"))
    }

    static let tall = [
        ("...4.11...4.2.6.5........51.......65", "563421132546246153625314451632314265"),
        ("...4.6..51....2...36...4.5....41...2", "523416645123132645361254254361416532"),
        ("56.2.....3...15...653...........4.35", "561243246351315462653124432516124635"),
    ]

    /// The first answer, or a later one, determines the shape of the boxes.
    @Test func answersTellTheBoxes() throws {
        let both = "123456" + "456123" + "231564" + "564231" + "312645" + "645312"
        let rows = Self.tall.map { "\($0.0),\($0.1)\n" }.joined()
        let result = try Self.read(rows)
        #expect(result.error == nil)
        #expect(result.puzzles.map(\.geometry) == [.tallSix, .tallSix, .tallSix])
        #expect(try Self.read("\(both),\(both)\n").puzzles.map(\.geometry) == [.six])
        // A file with both shapes is an error that names the boxes.
        let mixed = try Self.read("\(both),\(both)\n" + rows)
        #expect(mixed.puzzles.count == 1)
        #expect(
            "\(try #require(mixed.error))".contains("with boxes of 2 rows and 3 columns; correct"))
    }

    /// A board that is solved with either shape does not determine it, but the next one does.
    @Test func answersThatTellNothingWait() throws {
        let either = "123456456123362514514362231645645231"
        for geometry in [SudokuGeometry.six, .tallSix] {
            #expect(try SudokuBoard(parsing: either, geometry: geometry).isSolved)
        }
        let rows = Self.tall.map { "\($0.0),\($0.1)\n" }.joined()
        let result = try Self.read("\(either),\(either)\n" + rows)
        #expect(result.error == nil)
        #expect(result.puzzles.map(\.geometry) == Array(repeating: .tallSix, count: 4))
        #expect(try Self.read("\(either),\(either)\n").puzzles.map(\.geometry) == [.six])
        // Errors in rows read ahead are reported in order.
        let broken = try Self.read("\(either),\(either)\nx,y\n" + rows)
        #expect(broken.puzzles.count == 1 && broken.error?.line == 2)
    }

    static let broken: [(row: String, problem: SudokuCSVError.Problem)] = [
        ("a,\(question),\(answer)", .table(.fieldCount(found: 3, expected: 4))),
        ("a,\(question),\(answer),1,2", .table(.fieldCount(found: 5, expected: 4))),
        (
            "a,\(question.dropLast()),\(answer),1",
            .board(column: "question", .wrongLength(found: 15, geometry: .four))
        ),
        (
            "a,\(question),\(answer)1,1",
            .board(column: "answer", .wrongLength(found: 17, geometry: .four))
        ),
        (
            "a,1.a.341221434321,\(answer),1",
            .board(column: "question", .invalidCharacter("a", cell: 2, geometry: .four))
        ),
        (
            "a,1.5.341221434321,\(answer),1",
            .board(column: "question", .invalidCharacter("5", cell: 2, geometry: .four))
        ),
        ("a,\(question),\(question),1", .unfinishedAnswer(blanks: 2)),
        (
            "a,\(question),1234341221434312,1",
            .impossible(
                column: "answer",
                SudokuContradiction(
                    geometry: .four, digit: 1, unit: .column(2), first: 6, second: 14))
        ),
        (
            "a,11..341221434321,\(answer),1",
            .impossible(
                column: "question",
                SudokuContradiction(geometry: .four, digit: 1, unit: .row(0), first: 0, second: 1))
        ),
        (
            "a,2...............,\(answer),1",
            .otherAnswer(row: 1, column: 1, question: 2, answer: 1)
        ),
        ("a,\"\(question),\(answer),1", .table(.openQuote)),
        ("\"a\"b,\(question),\(answer),1", .table(.textAfterQuote)),
        (String(repeating: "a", count: 70_000), .table(.lineTooLong(limit: 65536))),
        ("\"" + String(repeating: "a", count: 70_000), .table(.lineTooLong(limit: 65536))),
    ]

    @Test(arguments: broken.indices)
    func errorsNameTheLine(_ index: Int) throws {
        let sample = Self.broken[index]
        let good = "a,\(Self.question),\(Self.answer),1"
        let result = try Self.read(
            "source,question,answer,rating\r\n\(good)\r\n\(sample.row)\r\n\(good)\r\n")
        #expect(result.puzzles.count == 1)
        #expect(result.error?.problem == sample.problem)
        #expect(result.error?.line == 3)
        #expect(result.error?.description.contains("puzzles.csv, line 3: ") == true)
    }

    @Test func otherFilesAreRefused() throws {
        #expect(
            try Self.read("question,result\n").error?.problem == .table(.missingColumn("answer")))
        #expect(try Self.read("").puzzles.isEmpty)
        #expect(
            try Self.read("a,\(Self.question.dropLast(3)),\(Self.answer),1").error?.problem
                == .board(column: "question", .unknownLength(13)))
        try withScratchFolder { folder in
            for url in [folder, folder.appendingPathComponent("missing.csv")] {
                #expect {
                    try SudokuCSVReader(contentsOf: url)
                } throws: { error in
                    guard case .table(.unreadable)? = (error as? SudokuCSVError)?.problem else {
                        return false
                    }
                    return true
                }
            }
        }
    }

    /// Lists of questions without answers, with and without column names, and one such line among
    /// others.
    @Test func missingAnswersAreToldAsSuch() throws {
        let (question, answer) = (Self.question, Self.answer)
        for (text, line) in [
            ("\(question)\n\(question)\n", 1), ("1 . | 3 4\n1 2 | 3 4\n", 1),
            ("7;\(question);14\n", 1), ("1234,\(question)\n", 1), ("puzzle\n\(question)\n", 1),
            ("question,answer\n\(question),\(answer)\n\(question),\n", 3),
        ] {
            let error = try #require(try Self.read(text).error, "\(text)")
            #expect(error.problem == .table(.noAnswer("answer")) && error.line == line, "\(text)")
            #expect(error.description.contains("a question without its answer"))
            #expect(error.description.contains("'hrm solve FILE' finds answers"))
        }
        // A typing error in an answer is not reported as a missing answer.
        for text in ["7,\(question),\(answer.dropLast())\n", "hello\n", "x,\(answer)y,z\n"] {
            let error = try #require(try Self.read(text).error)
            guard case .table(.fieldCount) = error.problem else {
                Issue.record("\(text): \(error)")
                continue
            }
        }
    }

    @Test func readsAcrossPieces() throws {
        // Longer than the chunk held in memory.
        let row = "a,\(Self.question),\(Self.answer),1\n"
        let result = try Self.read(String(repeating: row, count: 8000))
        #expect(result.error == nil)
        #expect(result.puzzles.count == 8000)
        #expect(Set(result.puzzles).count == 1)
    }

    @Test(
        .enabled(
            if: SharedData.has("sudoku-extreme"), "Sudoku-Extreme is not beside the repository"),
        arguments: [("train.csv", 1000), ("test.csv", 2000)])
    func readsSudokuExtreme(file: String, count: Int) throws {
        var reader = try SudokuCSVReader(contentsOf: SharedData.url("sudoku-extreme/\(file)"))
        var found = 0
        var ratings = 0
        while let puzzle = try reader.next() {
            found += 1
            ratings += puzzle.rating == nil ? 0 : 1
        }
        #expect(found == count)
        #expect(ratings == count)
        #expect(reader.geometry == .nine)
    }

    /// Damaged files give puzzles with valid answers, or an error with its place.
    @Test func survivesMutation() throws {
        let series = Mutations(
            "Sudoku CSV", count: 3000, seed: 1979, telling: "01234.x,;\t\"\n\r".utf8)
        let readable = try series.run(
            on: (Self.spellings + Self.otherSpellings).map { Array($0.utf8) }
        ) { round in
            let result = try Self.read(bytes: round.bytes)
            for puzzle in result.puzzles {
                #expect(
                    puzzle.question.tokens.count == puzzle.answer.tokens.count,
                    "\(round.description)")
                #expect(
                    zip(puzzle.question.tokens, puzzle.answer.tokens).allSatisfy {
                        $0 == $1 || $0 == 1
                    }, "\(round.description)")
            }
            return result.error == nil
        }
        #expect(readable < series.count * 5 / 6)
    }
}

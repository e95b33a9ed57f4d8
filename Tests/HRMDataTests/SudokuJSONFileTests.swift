import Testing

@testable import HRMData

/// Files of Sudokus with answers in JSON.
@Suite struct SudokuJSONFileTests {
    private static let question = SudokuCSVReaderTests.question
    private static let answer = SudokuCSVReaderTests.answer
    private static let rows = "[[1,0,3,null],[3,4,1,2],[2,1,4,3],[4,3,2,1]]"
    private static let solution = "[[1,2,3,4],[3,4,1,2],[2,1,4,3],[4,3,2,1]]"

    @Test(arguments: [
        "[{\"puzzle\": \(rows), \"solution\": \(solution)}]",
        "{\"puzzle\": \(rows), \"solution\": \(solution)}\n",
        "\u{FEFF}\n[\n  {\"Answer\": \"\(answer)\", \"id\": 3,\n   \"question\": \"\(Self.question)\"}\n]",
        "[{\"quiz\": [\"1.3.\", \"3412\", \"2143\", \"4321\"], \"solved\": \(solution)}]",
    ])
    func theyAreReadInAllSpellings(_ text: String) throws {
        let read = try SudokuCSVReaderTests.read(text)
        #expect(read.error == nil, "\(read.error?.description ?? "")")
        #expect(read.puzzles.map(\.question.description) == [Self.question])
        #expect(read.puzzles.map(\.answer.description) == [Self.answer])
    }

    @Test(arguments: ["[", ""]) func theyAreReadOneByOne(_ bracket: String) throws {
        let pair = "{\"puzzle\": \"\(Self.question)\", \"solution\": \"\(Self.answer)\"}"
        let pairs = Array(repeating: pair, count: 3)
        let text =
            bracket.isEmpty
            ? pairs.joined(separator: "\n") : "[" + pairs.joined(separator: ",\n") + "]"
        let read = try SudokuCSVReaderTests.read(text)
        #expect(read.error == nil && read.puzzles.count == 3)
    }

    /// The answers determine the shape of the boxes, as in a table.
    @Test func theAnswersDecideTheBoxes() throws {
        let pairs = SudokuCSVReaderTests.tall.map {
            "{\"puzzle\": \"\($0.0)\", \"solution\": \"\($0.1)\"}"
        }
        let read = try SudokuCSVReaderTests.read("[" + pairs.joined(separator: ", ") + "]")
        #expect(read.error == nil)
        #expect(read.puzzles.map(\.geometry) == [.tallSix, .tallSix, .tallSix])
    }

    @Test(arguments: [
        ("[\(rows)]", 1, "a puzzle has no solution"),
        ("[\n{\"puzzle\": \(rows)}]", 2, "\"solution\": [[5,3,4,…],…]}"),
        ("[{\"solution\": \(solution)}]", 1, "write {\"puzzle\": "),
        ("[{\"puzzle\": \(rows), \"solution\": \(solution)}", 1, "closing bracket"),
        ("[{\"puzzle\": \(rows), \"solution\": \(rows)}]", 1, "the answer has 2 blank cells"),
        ("[{\"puzzle\": [[1,2],[3]], \"solution\": \(solution)}]", 1, "in the question, "),
        (
            "[{\"puzzle\": \(rows), \"solution\": [[1,2,3,4],[3,4,1,2],[2,1,4,33],[4,3,2,1]]}]", 1,
            "33"
        ),
        (
            "[{\"puzzle\": [[1,1,3,0],[3,4,1,2],[2,1,4,3],[4,3,2,1]], \"solution\": \(solution)}]",
            1, "in the question, "
        ),
    ])
    func whatIsWrongIsTold(_ text: String, _ line: Int, _ words: String) throws {
        let read = try SudokuCSVReaderTests.read(text)
        let error = try #require(read.error)
        #expect(error.line == line, "\(error)")
        #expect(error.description.contains(words), "\(error)")
    }
}

import Testing

@testable import HRMData

/// Sudokus in JSON and in Markdown tables.
@Suite struct JSONBoardTests {
    private static let board = "1....2....2...41"
    private static let matrix = "[[1,0,0,0],[0,2,0,0],[0,0,2,0],[0,0,4,1]]"

    private static func question(_ text: String) throws(SudokuError) -> String {
        try SudokuQuestion(parsing: text, geometry: .four).board.description
    }

    /// Lines in memory.
    private struct Lines: SudokuLineSource {
        var rest: [SudokuText.SourceLine]

        init(_ text: String) {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            rest = lines.enumerated().map { .init(number: $0.offset + 1, text: String($0.element)) }
        }

        mutating func nextLine() -> SudokuText.SourceLine? {
            rest.isEmpty ? nil : rest.removeFirst()
        }

        mutating func putBack(_ lines: [SudokuText.SourceLine]) { rest = lines + rest }
    }

    /// Returns all puzzles in a text, each with its first line, or the errors.
    private static func puzzles(_ text: String) throws -> [String] {
        var lines = Lines(text)
        var found: [String] = []
        while let next = try SudokuText(.four).next(from: &lines) {
            do throws(SudokuError) {
                found.append("\(next.number) \(try question(next.text))")
            } catch {
                found.append("\(next.number) \(error)")
            }
        }
        return found
    }

    @Test(arguments: [
        matrix, "{\"puzzle\": \(matrix)}", "[\(matrix)]",
        "  [ [1,0,0,0], [0,2,0,0],\n[0,0,2,0],[0,0,4,1] ]",
        "[[1,null,null,null],[\"\",2,\".\",\" \"],[0,0,2,0],[0,0,\"4\",\"1\"]]",
        "[\"1...\",\".2..\",\"..2.\",\"..41\"]", "{\"Quiz\":\"1....2....2...41\",\"id\":[[1]]}",
        "[1,0,0,0,0,2,0,0,0,0,2,0,0,0,4,1]",
        "{\"solution\":[[1]],\"grid\":[\"1 . | . .\",\". 2 | . .\",\". . | 2 .\",\". . | 4 1\"]}",
    ])
    func aBoardIsRead(text: String) throws {
        #expect(try Self.question(text) == Self.board)
        #expect(try Self.puzzles(text) == ["1 \(Self.board)"])
        #expect(try Self.puzzles("\n" + text + "\n\(Self.board)").count == 2)
    }

    @Test func manyBoardsAreReadInTheirOrder() throws {
        let list =
            "[\n\(Self.matrix),\n {\"puzzle\":\(Self.matrix)},\n[[1,1,0,0],\n[0,0,0,0],[0,0,0,0],[0,0,0,0]]\n]"
        let found = try Self.puzzles("# JSON\n\(list)\n\(Self.board)")
        #expect(found.count == 4)
        #expect(found[0] == "3 \(Self.board)" && found[1] == "4 \(Self.board)")
        #expect(found[2].hasPrefix("5 1 occurs twice in row 1"))
        #expect(found[3] == "8 \(Self.board)")
        #expect(try Self.puzzles("\(Self.matrix)\n\(Self.matrix)").count == 2)
        #expect(try Self.puzzles("[\(Self.matrix),\(Self.matrix)]").count == 2)
        #expect(try Self.puzzles("[\"\(Self.board)\",\n\"\(Self.board)\"]").count == 2)
    }

    @Test(arguments: [
        ("[[1,0,0,0],[0,12,0,0],[0,0,2,0],[0,0,4,1]]", "'12' in row 2, column 2"),
        ("[[1,0,0,0],[0,7,0,0],[0,0,2,0],[0,0,4,1]]", "'7' in row 2, column 2"),
        ("[[1,0,0,0],[0,true,0,0],[0,0,2,0],[0,0,4,1]]", "'true' in row 2, column 2"),
        ("[[1,0,0,0],[0,1.5,0,0],[0,0,2,0],[0,0,4,1]]", "'1.5' in row 2, column 2"),
        ("[[1,0,0,0],[0,2,0],[0,0,2,0],[0,0,4,1]]", "row 2 of the drawing has 3 cells"),
        ("[[1,0,0,0],[0,2,0,0],[0,0,4,1]]", "has 4 rows, but 3 are drawn"),
        ("{\"name\": \"none\"}", "the key 'puzzle' is missing"),
        ("{\"puzzle\": 5}", "is not"), ("{\"puzzle\": null}", "not"),
        ("[\(matrix),\(matrix)]", "it has 2 puzzles"),
    ])
    func whatIsWrongIsToldWithItsCell(text: String, words: String) {
        #expect {
            try Self.question(text)
        } throws: {
            "\($0)".contains(words)
        }
    }

    /// Text that only begins like JSON does not affect other puzzles.
    @Test(arguments: [
        "[", "[[1,0", "{", "[[note]]", "{\"a\": \"b", "[[[[[[[[[[[[[[[[[[[[[[", "[1] a note", "[]",
        "[[1,2],[3,4]], and so on",
    ])
    func otherTextIsOneLine(text: String) throws {
        let found = try Self.puzzles("\(text)\n\(Self.board)\n")
        #expect(found.count == 2 && found[1] == "2 \(Self.board)", "\(found)")
    }

    @Test func onlyOneBoardIsHeld() {
        var finder = JSONBoardFinder()
        finder.read("[", line: 1)
        for line in 2..<20_000 {
            finder.read(Self.matrix + ",", line: line)
            #expect(finder.boards.count == 1)
            finder.forgetBoards()
        }
        #expect(finder.state == .open)
        finder.read("]", line: 20_000)
        #expect(finder.state == .ended)
        var long = JSONBoardFinder()
        for line in 1...2000 where long.state == .open {
            long.read("[" + String(repeating: "1,", count: 1000), line: line)
        }
        #expect(long.state == .invalid)
    }

    private static let rule = "|---|:-:|---|--:|\n"

    @Test(arguments: [
        "| 1 | | | |\n" + rule + "| | 2 | | |\n| | | 2 | |\n| | | 4 | 1 |\n",
        "| | | | |\n" + rule + "| 1 | | | |\n| | 2 | | |\n| | | 2 | |\n| | | 4 | 1 |\n",
        "| A | B | C | D |\n" + rule
            + "| 1 | . | . | . |\n| | 2 | | |\n| | | 2 | |\n| | | 4 | 1 |\n",
        "| 1 | 2 | 3 | 4 |\n" + rule + "| 1 | | | |\n| | 2 | | |\n| | | 2 | |\n| | | 4 | 1 |\n",
        "|1|0|0|0|\n|-|-|-|-|\n|0|2|0|0|\n|0|0|2|0|\n|0|0|4|1|\n",
    ])
    func markdownTablesAreRead(table: String) throws {
        #expect(try Self.question(table) == Self.board)
        let all = try Self.puzzles("Some text\n\n" + table + "\n" + table + table + Self.board)
        let puzzles = all.dropFirst()
        #expect(puzzles.count == 4, "\(all)")
        #expect(puzzles.allSatisfy { $0.hasSuffix(" " + Self.board) }, "\(all)")
    }

    /// A typing error in the first row of a drawing is reported as an error in that row.
    @Test func aSlipInTheFirstRowSpoilsNoOther() throws {
        let drawing = "1 A . .\n. 2 . .\n. . 2 .\n. . 4 1\n"
        let found = try Self.puzzles(drawing + "\n" + Self.board)
        #expect(found.count == 2 && found[0].contains("'A' in row 1, column 2"), "\(found)")
    }
}

import HRMData
import HRMTensor
import Testing

@testable import HRMPretrained

/// Selection of a model by the notation of the puzzle: its cost, and the messages about near
/// misses.
@Suite struct PuzzleRecognizerTests {
    private static let puzzle =
        "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"

    /// Returns at least `count` characters of text, in lines.
    private static func text(_ count: Int, _ line: () -> String) -> [String] {
        var lines: [String] = []
        var length = 0
        while length < count {
            lines.append(line())
            length += lines[lines.count - 1].utf8.count + 1
        }
        return lines
    }

    /// In text without puzzles, hardly any character is read more than once, regardless of the
    /// length.
    @Test(arguments: [20_000, 200_000])
    func foreignTextIsReadOnce(length: Int) {
        var random = SeededGenerator(seed: 77)
        let words = [
            "the", "grid", "of", "1984", "is", "(not)", "x", "a-b", "3.5", "Sudoku", "Über",
        ]
        let prose = Self.text(length) {
            (0..<12).compactMap { _ in words.randomElement(using: &random) }.joined(separator: " ")
        }
        let table = Self.text(length) {
            (0..<6).map { _ in String(Int.random(in: 100...9999, using: &random)) }
                .joined(separator: ",")
        }
        let long = [prose.joined(separator: " ")]
        for lines in [prose, table, long] {
            var recognizer = PuzzleRecognizer()
            for line in lines { #expect(recognizer.read(line) == .undecided) }
            #expect(recognizer.closelyRead < length / 50, "\(lines[0].prefix(40))")
        }
    }

    /// A line that the fast filter excludes is not a puzzle for the parsers either.
    @Test func theFirstLookMissesNothing() {
        var random = SeededGenerator(seed: 78)
        let alphabets = [
            "1234.", "1.|", "12 .", "1,", ".1;", "12.-+|#a ", "1\t", "3│1 ",
            "123456789.0,; |#a\u{301}",
            "*_?-xX1.", "1.\u{A0}", "12\u{200D}.",
        ].map(Array.init)
        var found = 0
        for _ in 0..<30_000 {
            guard let alphabet = alphabets.randomElement(using: &random) else { continue }
            let length =
                [4, 6, 7, 9, 11, 16, 17, 18, 31, 36, 81, 90].randomElement(using: &random) ?? 9
            let line = String(
                (0..<length).compactMap { _ in alphabet.randomElement(using: &random) })
            let content = LineContent(line)
            if SudokuDrawing.cells(line) != nil {
                found += 1
                #expect(content.mayBeSudoku, "\(line.debugDescription)")
            }
            for field in line.split(whereSeparator: { ",;\t \"|:".contains($0) })
            where [16, 36, 81].contains(SudokuDrawing.cells(field)?.count) {
                #expect(content.mayHoldSudoku, "\(line.debugDescription)")
            }
        }
        #expect(found > 1000)
    }

    @Test(arguments: [
        ("[[1,0,0,2],[0,0,0,0],[0,0,0,0],[3,0,0,0]]", PretrainedModel.sudoku4x4),
        ("[\n  [1, null, \"\", 2],\n[0,0,0,0],[0,0,0,0],[3,0,0,0]\n]\n", .sudoku4x4),
        ("[[[1,0,0,2],[0,0,0,0],[0,0,0,0],[3,0,0,0]]]", .sudoku4x4),
        ("{\"id\": 7, \"puzzle\": [\"1..2\",\"....\",\"....\",\"3...\"]}", .sudoku4x4),
        ("| | | | |\n|---|---|---|---|\n| 1 | | | 2 |\n", .sudoku4x4),
        ("| a | b | c | d | e | f |\n|:-:|-|-|-|-|-|\n| 1 | | | 2 | | |\n", .sudoku6x6),
        ("| 5 | 3 | | | 7 | | | | |\n|---|---|---|---|---|---|---|---|---|\n", .sudoku9x9),
        ("# list\nname (easy) 1...2.......3... 5.0\n", .sudoku4x4),
    ])
    func tablesAndJSONHaveTheirModel(text: String, model: PretrainedModel) {
        #expect(PretrainedModel.suitable(for: text) == model)
    }

    @Test(arguments: [
        (
            String(puzzle.prefix(40)) + "A" + puzzle.dropFirst(41),
            "81 cells, but 'A' in row 5, column 5"
        ),
        ("1...2.7.....3...", "16 cells, but '7' in row 2, column 3"),
        ("1 7 | . .\n. 7 | . .", "a row of a 4×4 Sudoku, but '7' in row 1, column 2"),
        (String(repeating: "1.......", count: 8), "64 cells are written, those of a board of 8×8"),
        (
            Array(repeating: "1 . . . | 2 . . .", count: 8).joined(separator: "\n"),
            "8 rows of 8 cells are drawn, and these models are for Sudokus of 4×4, 6×6 and 9×9"
        ),
        (
            String(repeating: "1 2 3\n", count: 30) + "12345.789012345.789012345.",
            "26 cells are written"
        ),
        ("12\n\n1 2 3 . .\n. . . . .\n", "2 rows of 5 cells are drawn"),
        ("1.2.3.4.5.6.", "12 of 16 cells of a Sudoku are written"),
        ("[[1,0],[0,1]]", "a board of 2 rows and 2 columns is written"),
    ])
    func nearMissesAreTold(text: String, words: String) {
        var recognizer = PuzzleRecognizer()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let reading = recognizer.read(line)
            #expect(reading == .undecided || reading == .nothing)
        }
        #expect(recognizer.nearMiss?.contains(words) == true, "\(recognizer.nearMiss ?? "nil")")
    }

    @Test(arguments: ["12", "Chapter 12", "2024-05-01 note", "[1] a note", "{}", "[]"])
    func otherTextIsNoNearMiss(text: String) {
        var recognizer = PuzzleRecognizer()
        #expect(recognizer.read(text) == .undecided && recognizer.nearMissLine == nil)
    }
}

import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMData

/// Lines in memory.
private struct Lines: SudokuLineSource {
    private var lines: [SudokuText.SourceLine]

    init(_ text: String) {
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated().map { .init(number: $0 + 1, text: String($1)) }.reversed()
    }

    mutating func nextLine() -> SudokuText.SourceLine? { lines.popLast() }

    mutating func putBack(_ lines: [SudokuText.SourceLine]) { self.lines += lines.reversed() }
}

@Suite struct SudokuTextTests {
    static let first =
        "..8.1.....6....871...4...5348.679.3.....257..72.8.4.9.8197..5..3..2..6...465.83.."
    static let second =
        ".58..631.19385....42.93.8.721...94...7..4..2...45...9.54.7.3..23.....6..9.2.8...."
    static let answer =
        "538917462964352871172486953481679235693125748725834196819763524357241689246598317"

    /// Returns the puzzles of a text, or in place of one its error, with their lines.
    static func puzzles(
        _ text: String, _ geometry: SudokuGeometry = .nine
    ) throws -> [(line: Int, result: String)] {
        var lines = Lines(text)
        var found: [(line: Int, result: String)] = []
        while let puzzle = try SudokuText(geometry).next(from: &lines) {
            do throws(SudokuError) {
                let question = try SudokuQuestion(parsing: puzzle.text, geometry: geometry)
                found.append((puzzle.number, question.board.description))
            } catch {
                found.append((puzzle.number, "\(error)"))
            }
        }
        return found
    }

    /// Returns the cells of the first puzzle, one line per row.
    static func rows(_ blank: Character = ".", of puzzle: String = first) -> [String] {
        stride(from: 0, to: 81, by: 9).map { start in
            String(puzzle.dropFirst(start).prefix(9).map { $0 == "." ? blank : $0 })
        }
    }

    static func drawn(_ blank: Character, frame: String) -> String {
        let rows = rows(blank).map { row in
            let cells = Array(row)
            return "|"
                + stride(from: 0, to: 9, by: 3).map { String(cells[$0..<($0 + 3)]) + "|" }.joined()
        }
        return [frame].joined() + "\n" + rows[..<3].joined(separator: "\n") + "\n|---+---+---|\n"
            + rows[3..<6].joined(separator: "\n") + "\n|---+---+---|\n"
            + rows[6...].joined(separator: "\n") + "\n" + frame
    }

    static let pencilled = """
        +----------------+----------------+----------------+
        | 259  3579 8    | 39   1    2367 | 249  246  2469 |
        | 259  6    2345 | 39   359  23   | 8    7    1    |
        | 129  79   127  | 4    689  267  | 29   5    3    |
        +----------------+----------------+----------------+
        | 4    8    15   | 6    7    9    | 12   3    25   |
        | 169  39   13   | 13   2    5    | 7    1468 468  |
        | 7    2    135  | 8    3    4    | 1    9    56   |
        +----------------+----------------+----------------+
        | 8    1    9    | 7    346  36   | 5    24   24   |
        | 3    57   57   | 2    49   1    | 6    148  4789 |
        | 2    4    6    | 5    9    8    | 3    12   279  |
        +----------------+----------------+----------------+
        """

    static let forms: [(name: String, text: String)] = [
        ("one line", first), ("stars", first.replacing(".", with: "*")),
        ("zeros", first.replacing(".", with: "0")), ("crosses", first.replacing(".", with: "X")),
        ("underlines", first.replacing(".", with: "_")),
        ("HoDoKu", ":0000:x:\(first):::"),
        ("placed digits", ":0711-4:1:\(first.replacing("8", with: "+8")):371 477::"),
        ("hash and rating", "000000000001 \(first)  1.2"),
        ("a comment behind it", "\(first) # own, 36 givens, ED=1.2/1.2/1.2"),
        ("CSV", "source,question,answer,rating\nown,\(first),\(answer),0"),
        ("CSV, the answer first", "solution;quiz\n\(answer);\(first)"),
        ("solution counted", "\(first):1:\(answer)"),
        ("a field a cell", first.map { $0 == "." ? "" : String($0) }.joined(separator: ",")),
        (
            "spreadsheet",
            rows(" ").map { $0.map(String.init).joined(separator: "\t") }
                .joined(separator: "\n")
        ),
        ("SimpleSudoku", drawn(".", frame: " *-----------*")),
        ("dashes in frames", drawn("-", frame: "-------------")),
        ("blanks that are spaces", drawn(" ", frame: "+-----------+")),
        ("titles", "Grid 01\n" + rows("0").joined(separator: "\n")),
        ("HoDoKu's frame", ".---.---.---.\n" + drawn(".", frame: "'---'---'---'")),
        (
            "sections",
            "#AN. N.\n[Puzzle]\n\(rows().joined(separator: "\n"))\n[State]\n"
                + rows(of: answer).joined(separator: "\n")
        ),
        (
            "OpenSudoku",
            "<?xml version=\"1.0\"?>\n<opensudoku>\n<name>Grid</name>\n<game data=\""
                + "\(first.replacing(".", with: "0"))\" />\n</opensudoku>"
        ),
        (
            "bands apart",
            rows()[..<3].joined(separator: "\n") + "\n\n" + rows()[3..<6].joined(separator: "\n")
                + "\n\n" + rows()[6...].joined(separator: "\n")
        ),
        ("rows of dashes", rows("-").joined(separator: "\n")),
    ]

    /// A letter or a digit of another script beside a board may be a mistyped cell.
    @Test(arguments: ["Z1....2....2...41", "1....2....2...41é", "\u{FF11}1....2....2...41"])
    func noCharacterBesideABoardIsPassedOver(text: String) throws {
        #expect(throws: SudokuError.self) { try SudokuQuestion(parsing: text, geometry: .four) }
        let apart = try SudokuQuestion(parsing: "Z 1....2....2...41", geometry: .four)
        #expect(apart.board.description == "1....2....2...41")
    }

    @Test(arguments: forms.indices)
    func formsPeopleWrite(_ index: Int) throws {
        let form = Self.forms[index]
        let found = try Self.puzzles(form.text)
        #expect(found.map(\.result) == [Self.first], "\(form.name)")
        // The same text as one argument.
        let question = try? SudokuQuestion(parsing: form.text, geometry: .nine)
        #expect(question?.board.description == Self.first, "\(form.name)")
    }

    @Test func pencilMarksAreOpenCells() throws {
        let found = try Self.puzzles(Self.pencilled)
        #expect(found.count == 1)
        var solver = SudokuSolver(.nine)
        let board = try SudokuBoard(parsing: try #require(found.first?.result))
        #expect(board.givenCount == 41)
        #expect(solver.solvability(of: board) == .unique(try SudokuBoard(parsing: Self.answer)))
    }

    /// Spaces as blanks, in cells of several widths, with and without bars around the board.
    @Test(arguments: [
        "|1 |  |\n| 2|  |\n+--+--+\n|  |2 |\n|  |41|", "1 |\n 2|\n--+--\n  |2\n  |41",
        "| 1   |     |\n|   2 |     |\n|-----+-----|\n|     | 2   |\n|     | 4 1 |",
        "|1  |   |\n|  2|   |\n|   |2  |\n|   |4 1|",
        "| 1 | | | |\n| |2| | |\n| | |2| |\n| | |4|1|",
        "  |1|_|_|_|\n  |_|2|_|_|\n  |_|_|2|_|\n  |_|_|4|1|",
    ])
    func spacesBetweenBars(_ text: String) throws {
        #expect(try Self.puzzles(text, .four).map(\.result) == ["1....2....2...41"], "\(text)")
    }

    @Test func manyPuzzlesInOneFile() throws {
        let euler =
            "Grid 01\n" + Self.rows("0").joined(separator: "\n") + "\nGrid 02\n"
            + Self.rows("0", of: Self.second).joined(separator: "\n")
        #expect(try Self.puzzles(euler).map(\.line) == [2, 12])
        #expect(try Self.puzzles(euler).map(\.result) == [Self.first, Self.second])
        let games = [Self.first, Self.second, Self.first].map { "<game data=\"\($0)\"/>" }
        let found = try Self.puzzles("<opensudoku>\(games.joined())</opensudoku>")
        #expect(found.map(\.result) == [Self.first, Self.second, Self.first])
        #expect(found.map(\.line) == [1, 1, 1])
        #expect(try Self.puzzles("\(Self.first)\n\n\n\(Self.second)").map(\.line) == [1, 4])
    }

    /// A drawing with a missing row does not affect others.
    @Test func emptyLinesEndDrawings() throws {
        let text = "1.3.\n.4..\n....\n\n2.4.\n.3..\n....\n.1.2\n\n3.1.\n.2..\n....\n.4.3\n..1.\n"
        let found = try Self.puzzles(text, .four)
        #expect(found.map(\.line) == [1, 5, 10, 14])
        #expect(found[0].result.hasPrefix("a 4×4 puzzle has 4 rows, but 3 are drawn"))
        #expect(found[1].result == "2.4..3.......1.2")
        #expect(found[2].result == "3.1..2.......4.3")
        #expect(found[3].result.hasPrefix("a 4×4 puzzle has 4 rows, but 1 is drawn"))
        // As many rows as a band has may be a band, but the following rows are still a separate
        // board.
        let whole = "2.4.\n.3..\n....\n.1.2"
        let band = try Self.puzzles("1.3.\n.4..\n\n\(whole)\n\n1...\n..2.\n....\n...3", .four)
        #expect(band.map(\.line) == [1, 4, 9])
        #expect(band[0].result.contains("2 are drawn"))
        #expect(band[1].result == "2.4..3.......1.2" && band[2].result == "1.....2........3")
        // Separated bands, one of which lacks a row.
        let lacking = try Self.puzzles("1.3.\n.4..\n\n2.4.\n\n\(whole)", .four)
        #expect(lacking.count == 2)
        #expect(
            lacking[0].result.contains("3 are drawn") && lacking[1].result == "2.4..3.......1.2")
    }

    /// Text that is not a puzzle is refused, never skipped.
    @Test(arguments: [
        ("broken 7", "81 cells"), ("what is this", "81 cells"), ("no puzzle", "81 cells"),
        ("sudoku for beginners", "81 cells"), (String(first.dropLast()), "80"),
        (first + ".", "82"), ("\(first) \(second)", "2 puzzles"),
        ("10 11 12 13 14 15 16 17 18", "'10' in row 1, column 1 is no cell"),
        ("1 2 3 4 5 6 7 8 10", "'10' in row 1, column 9 is no cell"),
        ("<game data=\"12\"/>", "81 cells"),
        ("8.8\(first.dropFirst(3))", "8 occurs twice in row 1"),
        (
            (1...9).map { _ in "1 2 3 4 5 6 7 8 9" }.joined(separator: "\n"),
            "1 occurs twice in column 1"
        ),
    ])
    func othersAreRefused(_ text: String, _ words: String) throws {
        let found = try Self.puzzles(text)
        #expect(found.count == 1)
        #expect(found.first?.result.contains(words) == true, "\(found)")
    }

    @Test func contradictionsNameCells() throws {
        func error(_ text: String, _ geometry: SudokuGeometry) -> String? {
            do {
                return try SudokuQuestion(parsing: text, geometry: geometry).board.description
            } catch {
                return "\(error)"
            }
        }
        let wrong = "8.8" + Self.first.dropFirst(3)
        #expect(
            error(wrong, .nine)
                == "8 occurs twice in row 1 (columns 1 and 3), so there is no solution; correct one of these "
                + "cells")
        #expect(
            error("1..............1", .four) == "1..............1")
        #expect(
            error("1...........1...", .four)?.hasPrefix("1 occurs twice in column 1 (rows 1 and 4)")
                == true)
        #expect(
            error(
                "......1" + String(repeating: ".", count: 6) + "1"
                    + String(repeating: ".", count: 22), .tallSix)?
                .hasPrefix(
                    "1 occurs twice in the box of rows 1 to 3 and columns 1 to 2 (row 2, column 1 and row 3, "
                        + "column 2)") == true)
    }

    /// The boxes of a drawing are compared with the geometry.
    @Test(arguments: [SudokuGeometry.six, .tallSix, .eight, .tallEight])
    func drawnBoxesAreCompared(_ geometry: SudokuGeometry) throws {
        let other = geometry.alternatives[1]
        var generator = SeededGenerator(seed: 3)
        var puzzles = try SudokuGenerator(geometry)
        let grid = try puzzles.next(using: &generator).question.grid
        #expect(try SudokuBoard(written: grid, geometry: geometry).grid == grid)
        let error = SudokuError.drawnBoxes(
            .boxes(rows: geometry.boxRows, columns: geometry.boxColumns), geometry: other)
        let bars = grid.split(separator: "\n").filter { !$0.contains("-") }.joined(separator: "\n")
        let rules = grid.filter { $0 != "|" }
        let gaps = grid.split(separator: "\n").map {
            $0.contains("-") ? "" : $0.filter { $0 != "|" }
        }
        .joined(separator: "\n")
        for text in [grid, bars, rules, gaps] {
            #expect(throws: error, "\(text)") { try SudokuBoard(written: text, geometry: other) }
        }
        #expect(
            error.description
                == "it is drawn with \(geometry.boxes); the model knows \(other.boxes)")
    }

    @Test func barsThatSetNoBoxesApart() throws {
        let rows = "1|2 3|4\n3|4 1|2\n2|1 4|3\n4|3 2|1"
        #expect(throws: SudokuError.drawnBoxes(.bars(after: [1, 3]), geometry: .four)) {
            try SudokuBoard(written: rows, geometry: .four)
        }
        #expect(throws: SudokuError.drawnBoxes(.rules(after: [1]), geometry: .four)) {
            try SudokuBoard(written: "1234\n----\n3412\n2143\n4321", geometry: .four)
        }
        // A bar beside every cell, or one in the middle, is no contradiction.
        for text in ["1|2|3|4\n3|4|1|2\n2|1|4|3\n4|3|2|1", "12|34\n3412\n2143\n4321"] {
            #expect(try SudokuBoard(written: text, geometry: .four).isSolved)
        }
    }

    /// In any file, every puzzle is a question or an error, and every line is read at most twice.
    @Test func survivesMutation() throws {
        let all =
            Self.forms.map(\.text) + [
                Self.pencilled, Self.forms.prefix(6).map(\.text).joined(separator: "\n"),
            ]
        let series = Mutations(
            "Sudoku text", count: 300, seed: 1984, telling: "019.*-_|+[]<>#,;\t\n x".utf8,
            slowness: 10)
        series.run(on: all.map { Array($0.utf8) }) { round in
            var lines = Lines(round.text)
            var count = 0
            for geometry in [SudokuGeometry.nine, .tallSix] {
                while let puzzle = try? SudokuText(geometry).next(from: &lines) {
                    count += 1
                    #expect(puzzle.number > 0 && !puzzle.text.isEmpty, "\(round.description)")
                    if let question = try? SudokuQuestion(parsing: puzzle.text, geometry: geometry)
                    {
                        #expect(question.board.isConsistent, "\(round.description)")
                    }
                    guard count < 1000 else { break }
                }
                lines = Lines(round.text)
            }
            #expect(count < 1000, "\(round.description)")
            return count > 0
        }
    }
}

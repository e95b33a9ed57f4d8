import HRMData
import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct SudokuDrawingTests {
    static let line =
        "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"

    @Test(
        arguments: [
            """
            53..7....
            6..195...
            .98....6.
            8...6...3
            4..8.3..1
            7...2...6
            .6....28.
            ...419..5
            ....8..79
            """,
            """
            ┌───────┬───────┬───────┐
            │ 5 3 . │ . 7 . │ . . . │
            │ 6 . . │ 1 9 5 │ . . . │
            │ . 9 8 │ . . . │ . 6 . │
            ├───────┼───────┼───────┤
            │ 8 . . │ . 6 . │ . . 3 │
            │ 4 . . │ 8 . 3 │ . . 1 │
            │ 7 . . │ . 2 . │ . . 6 │
            ├───────┼───────┼───────┤
            │ . 6 . │ . . . │ 2 8 . │
            │ . . . │ 4 1 9 │ . . 5 │
            │ . . . │ . 8 . │ . 7 9 │
            └───────┴───────┴───────┘

            """,
            "530|070|000\r\n600|195|000\r\n098|000|060\r\n\r\n800|060|003\r\n400|803|001\r\n700|020|006\r\n"
                + "---+---+---\r\n060|000|280\r\n000|419|005\r\n000|080|079\r\n",
            "  53..7....  6..195....98....6. 8...6...34..8.3..17...2...6 | .6....28....419..5....8..79",
            line,
        ])
    func oneBoardInManyHands(_ text: String) throws {
        #expect(try SudokuBoard(written: text, geometry: .nine).description == Self.line)
    }

    @Test(arguments: SudokuGeometry.all)
    func whatIsDrawnIsReadBack(_ geometry: SudokuGeometry) throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<20 {
            let cells = (0..<geometry.cellCount).map { _ in
                UInt8.random(in: 0...UInt8(geometry.size), using: &generator)
            }
            let board = SudokuBoard(geometry, cells: cells)
            #expect(try SudokuBoard(written: board.grid, geometry: geometry) == board)
            #expect(try SudokuBoard(written: board.description, geometry: geometry) == board)
        }
    }

    /// The first line with cells determines the size of a puzzle.
    @Test func linesTellTheSize() {
        #expect(SudokuDrawing.cells("| 1 2 | . 4 |") == "12.4")
        #expect(SudokuDrawing.cells("1 2|.0") == "12.0")
        #expect(SudokuDrawing.cells("12.x") == "12.x")
        #expect(SudokuDrawing.cells("1 . | . .") == "1...")
        #expect(SudokuDrawing.cells("1 2 | 3 4") == "1234")
        #expect(SudokuDrawing.cells("1 5 6 | 3 4 2") == "156342")
        #expect(SudokuDrawing.cells("12.a") == nil)
        for rule in [
            "+---+===+", " ├──┼──┤ ", "", "---------", "*-----------*", "|---+---+---|", "***",
        ] {
            #expect(SudokuDrawing.cells(rule) == nil, "\(rule)")
        }
        #expect(SudokuDrawing.cells(":0000:x:\(Self.line):::") == Self.line)
        #expect(SudokuDrawing.cells("0000000000000001 \(Self.line)  1.2") == Self.line)
        #expect(SudokuDrawing.cells("\(Self.line) # own") == Self.line)
        #expect(SudokuDrawing.cells("# \(Self.line)") == nil)
        #expect(SudokuDrawing.cells("source,question,answer,rating") == nil)
        #expect(SudokuDrawing.cells("Grid 01") == nil)
    }

    @Test func errorsSayWhichRow() {
        func error(_ text: String) -> String {
            do {
                return try "\(SudokuBoard(written: text, geometry: .four))"
            } catch {
                return "\(error)"
            }
        }
        #expect(
            error("12 34\n34 12\n21 43\n43 2").hasPrefix(
                "row 4 of the drawing has 3 cells, but a 4×4 puzzle has 4 in each; write"))
        #expect(
            error("1234\n----\n3412").hasPrefix(
                "a 4×4 puzzle has 4 rows, but 2 are drawn; write a line for each"))
        #expect(error("1 2 | 3 4").hasPrefix("a 4×4 puzzle has 4 rows, but 1 is drawn"))
        #expect(error("12343412\n21434321").hasPrefix("a 4×4 puzzle has 4 rows, but 2 are drawn"))
        #expect(error("1234\n3412\n2a43\n4321").hasPrefix("'a' in row 3, column 2"))
        #expect(error("").hasPrefix("a 4×4 puzzle has 16 cells, but this one has 0"))
        #expect(error("123").hasPrefix("a 4×4 puzzle has 16 cells, but this one has 3"))
    }

    /// Any pasted text is a board or an error.
    @Test func damagedDrawingsAreRefused() throws {
        let board = try SudokuBoard(parsing: Self.line, geometry: .nine)
        let originals = [board.grid, board.description].map { Array($0.utf8) }
        let mutations = Mutations(
            "Sudoku drawing", count: 2_000, seed: 6, telling: "0.9|-+\n ".utf8)
        let readable = mutations.run(on: originals) { round in
            do {
                let read = try SudokuBoard(written: round.text, geometry: .nine)
                #expect(read.cells.count == 81, "\(round.description)")
                return true
            } catch {
                #expect(!"\(error)".isEmpty, "\(round.description)")
                return false
            }
        }
        #expect((1..<2_000).contains(readable))
    }
}

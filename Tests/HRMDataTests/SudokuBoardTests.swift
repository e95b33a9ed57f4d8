import Foundation
import HRMData
import Testing

@Suite struct SudokuGeometryTests {
    @Test(arguments: SudokuGeometry.all)
    func unitsCoverEveryCellThreeTimes(_ geometry: SudokuGeometry) {
        #expect(geometry.units.count == 3 * geometry.size)
        #expect(geometry.units.allSatisfy { Set($0).count == geometry.size })
        let cells = geometry.units.flatMap { $0 }.sorted()
        #expect(cells == (0..<geometry.cellCount).flatMap { [$0, $0, $0] })
    }

    @Test func boxesHaveTheirSizes() {
        #expect(SudokuGeometry.six.units[12] == [0, 1, 2, 6, 7, 8])
        #expect(SudokuGeometry.six.units[13] == [3, 4, 5, 9, 10, 11])
        #expect(SudokuGeometry.six.units[14] == [12, 13, 14, 18, 19, 20])
        #expect(SudokuGeometry.nine.units[26] == [60, 61, 62, 69, 70, 71, 78, 79, 80])
        #expect(!SudokuGeometry.six.isSquare)
        #expect(SudokuGeometry.tallSix.units[12] == [0, 1, 6, 7, 12, 13])
        #expect(SudokuGeometry.tallSix.units[15] == [18, 19, 24, 25, 30, 31])
        #expect(SudokuGeometry.eight.units[16] == [0, 1, 2, 3, 8, 9, 10, 11])
    }

    @Test func shapesHaveNames() throws {
        #expect(try SudokuGeometry(boxRows: 3, boxColumns: 2) == .tallSix)
        #expect(try SudokuGeometry(size: 8) == .eight)
        #expect(SudokuGeometry.tallSix.alternatives == [.tallSix, .six])
        #expect(SudokuGeometry.nine.alternatives == [.nine])
        #expect(SudokuGeometry.tallSix.fullName == "6×6 with boxes of 3 rows and 2 columns")
        #expect(SudokuGeometry.nine.fullName == "9×9")
        let unknown = SudokuError.unknownBoxes(rows: 2, columns: 5)
        #expect(throws: unknown) { try SudokuGeometry(boxRows: 2, boxColumns: 5) }
        #expect(
            unknown.description
                == "there are no Sudokus with boxes of 2 rows and 5 columns here; use 2x2, 2x3, 3x2, 2x4, "
                + "4x2, 3x3")
    }

    @Test func unknownSizesAreRefused() throws {
        #expect(throws: SudokuError.unknownSize(5)) { try SudokuGeometry(size: 5) }
        #expect(throws: SudokuError.unknownLength(80)) { try SudokuGeometry(cellCount: 80) }
        #expect(try SudokuGeometry(size: 6) == .six)
        let data = try JSONEncoder().encode(SudokuGeometry.all)
        // A size alone, as in older files, means the wider boxes.
        let members = try JSONSerialization.jsonObject(with: data) as? [Any]
        #expect(members?.compactMap { $0 as? Int } == [4, 6, 8, 9])
        #expect(
            try JSONDecoder().decode([SudokuGeometry].self, from: Data("[4,6,9]".utf8)) == [
                .four, .six, .nine,
            ])
        #expect(try JSONDecoder().decode([SudokuGeometry].self, from: data) == SudokuGeometry.all)
        #expect(throws: SudokuError.unknownSize(7)) {
            try JSONDecoder().decode([SudokuGeometry].self, from: Data("[7]".utf8))
        }
    }
}

@Suite struct SudokuBoardTests {
    static let answer = "1234341221434321"

    @Test func parsesBothBlanks() throws {
        let board = try SudokuBoard(parsing: "1.0.000..2.43..1")
        #expect(board.geometry == .four)
        #expect(board.cells == [1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 4, 3, 0, 0, 1])
        #expect(board.description == "1........2.43..1")
        #expect(board.givenCount == 5)
        #expect(board.tokens == [2, 1, 1, 1, 1, 1, 1, 1, 1, 3, 1, 5, 4, 1, 1, 2])
        #expect(try SudokuBoard(tokens: board.tokens.map { Int32($0) }, geometry: .four) == board)
        #expect(SudokuBoard.vocabularySize(of: .nine) == 11)
        #expect(SudokuBoard.vocabularySize(of: .four) == 6)
    }

    @Test func errorsSayWhere() {
        #expect(throws: SudokuError.unknownLength(15)) {
            try SudokuBoard(parsing: "1.0.000..2.43..")
        }
        #expect(throws: SudokuError.wrongLength(found: 16, geometry: .nine)) {
            try SudokuBoard(parsing: Self.answer, geometry: .nine)
        }
        let letter = SudokuError.invalidCharacter("a", cell: 6, geometry: .four)
        #expect(throws: letter) { try SudokuBoard(parsing: "123434a221434321") }
        #expect(letter.description.contains("'a' in row 2, column 3 (character 7)"))
        #expect(throws: SudokuError.invalidCharacter("5", cell: 15, geometry: .four)) {
            try SudokuBoard(parsing: "1234341221434325")
        }
        #expect(throws: SudokuError.invalidCharacter("é", cell: 0, geometry: .four)) {
            try SudokuBoard(parsing: "é234341221434321")
        }
        #expect(throws: SudokuError.invalidToken(0, cell: 1, geometry: .four)) {
            try SudokuBoard(tokens: [1, 0] + [Int32](repeating: 1, count: 14), geometry: .four)
        }
        #expect(throws: SudokuError.invalidToken(6, cell: 0, geometry: .four)) {
            try SudokuBoard(tokens: [6] + [Int32](repeating: 1, count: 15), geometry: .four)
        }
    }

    @Test func validity() throws {
        let answer = try SudokuBoard(parsing: Self.answer)
        #expect(answer.isSolved)
        var board = answer
        board[5] = 0
        #expect(!board.isSolved && board.isConsistent)
        #expect(answer.isConsistent(with: board))
        #expect(!board.isConsistent(with: answer))
        // A digit repeated in a row, in a column, and in a box only.
        for text in ["11..............", "1...........1...", "1....1.........."] {
            #expect(try !SudokuBoard(parsing: text).isConsistent, "\(text)")
        }
        #expect(try SudokuBoard(parsing: "1......1........").isConsistent)
        #expect(try !SudokuBoard(parsing: "1234234134124123").isSolved)
    }

    @Test func gridSetsBoxesApart() throws {
        #expect(
            try SudokuBoard(parsing: "1.3434122143432.").grid
                == """
                1 . | 3 4
                3 4 | 1 2
                ----+----
                2 1 | 4 3
                4 3 | 2 .
                """)
        let lines = SudokuBoard(.six).grid.split(separator: "\n")
        #expect(lines.count == 8)
        #expect(lines[0] == ". . . | . . .")
        #expect(lines[2] == "------+------")
    }
}

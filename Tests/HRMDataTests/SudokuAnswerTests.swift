import HRMData
import Testing

@Suite struct SudokuAnswerTests {
    private static let puzzle = "1...3..2.1..4..1"

    private func answer(_ text: String, to puzzle: String = puzzle) throws -> SudokuAnswer {
        let board = try SudokuBoard(parsing: text)
        return SudokuAnswer(
            tokens: board.tokens.map(Int32.init), to: try SudokuBoard(parsing: puzzle))
    }

    @Test func aSolutionIsValid() throws {
        let answer = try answer("1234341221434321")
        #expect(answer.verdict == .valid)
        #expect(answer.verdict.description == "valid")
        #expect(answer.board.isSolved)
    }

    @Test func blanksAreTold() throws {
        let answer = try answer("1.343412214343.1")
        #expect(answer.blankCells == [1, 14])
        #expect(answer.verdict == .blanks(2))
    }

    @Test func aBoardThatSolvesAnotherPuzzleIsNotValid() throws {
        let answer = try answer("4321213434121243")
        #expect(answer.board.isSolved)
        #expect(answer.changedGivens == [0, 4, 7, 9, 12, 15])
        #expect(answer.verdict == .changedGivens(6))
    }

    @Test func everyCellOfAConflictIsNamed() throws {
        // The 2 and the 3 of the first row are exchanged.
        let answer = try answer("1324341221434321")
        #expect(answer.changedGivens.isEmpty)
        #expect(answer.conflictingCells == [1, 2, 4, 7, 13, 14])
        #expect(answer.verdict == .conflicts(6))
        #expect(answer.verdict.description == "not valid: 6 cells in conflict")
    }

    @Test func tokensThatAreNoCellsCountAsBlank() throws {
        let puzzle = try SudokuBoard(parsing: Self.puzzle)
        var tokens = try SudokuBoard(parsing: "1234341221434321").tokens.map(Int32.init)
        tokens[3] = 0
        tokens[5] = 6
        tokens[6] = .max
        tokens[8] = -1
        let answer = SudokuAnswer(tokens: tokens, to: puzzle)
        #expect(answer.board.description == "123.3..2.1434321")
        #expect(answer.verdict == .blanks(4))
    }
}

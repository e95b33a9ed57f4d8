import Foundation
import HRMTensor
import Testing

@testable import HRMData

@Suite struct SudokuSolvabilityTests {
    static func solvability(
        _ text: String, _ geometry: SudokuGeometry? = nil, effort: Int = SudokuSolver.usualEffort
    ) throws -> SudokuSolvability {
        let board = try SudokuBoard(parsing: text, geometry: geometry)
        var solver = SudokuSolver(board.geometry)
        return solver.solvability(of: board, effort: effort)
    }

    @Test func boardsAreToldApart() throws {
        let unique = try SudokuBoard(parsing: "1432321441232341")
        #expect(try Self.solvability("1....2....2...41") == .unique(unique))
        #expect(try Self.solvability("....43.1.2...41.") == .several)
        #expect(try Self.solvability(String(repeating: ".", count: 81)) == .empty)
        #expect(try Self.solvability("2.4..3.......1.2") == .unsolvable)
        let first = SudokuContradiction(
            geometry: .four, digit: 1, unit: .row(0), first: 0, second: 3)
        #expect(try Self.solvability("1..1............") == .contradictory(first))
        // The same cells, solved with only one shape of boxes.
        let tall = "563421132546246153625314451632314265"
        #expect(
            try Self.solvability(tall, .tallSix)
                == .unique(SudokuBoard(parsing: tall, geometry: .tallSix)))
        guard case .contradictory(let other) = try Self.solvability(tall, .six) else {
            Issue.record("boxes of 2 rows and 3 columns")
            return
        }
        #expect("\(other)".contains("in the box of rows 1 to 2 and columns 1 to 3"))
    }

    /// The effort is bounded for adversarial boards and for large sets.
    @Test func effortIsBounded() throws {
        let hard =
            "74.....3.....4..1861.32.7..95...4.6...7.9...1............1...9....27.3......58..."
        #expect(try Self.solvability(hard, effort: 1) == .undecided)
        var solver = SudokuSolver(.nine)
        let board = try SudokuBoard(parsing: hard)
        #expect(!solver.solve(board, countingUpTo: 2, effort: 1).isComplete)
        #expect(solver.positionsSearched <= 1)
        var survey = SudokuSurvey(effort: 2)
        for _ in 0..<10 { survey.add(board, using: &solver) }
        #expect(survey.puzzleCount == 10 && survey.examinedCount < 3)
        #expect(survey.note(split: "test") == nil)
    }

    @Test func surveysHaveASentence() throws {
        var solver = SudokuSolver(.four)
        let open = try SudokuBoard(parsing: "....43.1.2...41.")
        var survey = SudokuSurvey()
        survey.add(open, using: &solver)
        #expect(
            survey.note(split: "test")?.hasPrefix("1 of 1 test puzzle has several solutions")
                == true)
        survey.add(open, using: &solver)
        survey.add(try SudokuBoard(parsing: "1....2....2...41"), using: &solver)
        #expect(
            survey.note(split: "test")
                == "2 of 3 test puzzles have several solutions; exact accuracy counts one of them only"
        )
        var short = SudokuSurvey(effort: 4)
        for _ in 0..<5 { short.add(open, using: &solver) }
        #expect(short.note(split: "test")?.contains(" of the first ") == true)
    }
}

import HRMData
import HRMTensor
import Testing

/// Counts solutions by trying every digit in every cell: slow, but evidently correct.
private func bruteForceCount(_ board: SudokuBoard, from cell: Int = 0) -> Int {
    guard board.isConsistent else { return 0 }
    guard let blank = (cell..<board.cells.count).first(where: { board[$0] == 0 }) else { return 1 }
    return (1...UInt8(board.geometry.size)).reduce(0) { count, digit in
        var next = board
        next[blank] = digit
        return count + bruteForceCount(next, from: blank + 1)
    }
}

@Suite struct SudokuSolverTests {
    @Test func countsAllSmallBoards() {
        var solver = SudokuSolver(.four)
        let outcome = solver.solve(SudokuBoard(.four), countingUpTo: 1000)
        #expect(outcome.solutionCount == 288)
        #expect(outcome.solution?.isSolved == true)
    }

    @Test func agreesWithBruteForce() {
        var generator = SeededGenerator(seed: 11)
        var solver = SudokuSolver(.four)
        var counts: Set<Int> = []
        for _ in 0..<150 {
            var board = SudokuBoard(.four)
            for _ in 0..<Int.random(in: 2...6, using: &generator) {
                board[Int.random(in: 0..<16, using: &generator)] =
                    UInt8.random(in: 1...4, using: &generator)
            }
            let expected = bruteForceCount(board)
            let outcome = solver.solve(board, countingUpTo: 1000)
            #expect(outcome.solutionCount == expected, "\(board)")
            #expect((outcome.solution != nil) == (expected > 0))
            if let solution = outcome.solution {
                #expect(solution.isSolved && solution.isConsistent(with: board))
            }
            counts.insert(expected)
        }
        #expect(counts.isSuperset(of: [0, 1, 2]))
    }

    @Test func stopsAtTheLimit() {
        var solver = SudokuSolver(.nine)
        #expect(solver.solve(SudokuBoard(.nine), countingUpTo: 5).solutionCount == 5)
        #expect(solver.solve(SudokuBoard(.six), countingIn: .six, upTo: 3) == 3)
    }

    @Test func countsGuesses() throws {
        var solver = SudokuSolver(.four)
        let filled = try SudokuBoard(parsing: "1234341221434321")
        let trivial = solver.solve(filled)
        #expect(trivial.solution == filled)
        #expect(trivial.solutionCount == 1)
        #expect(trivial.guesses == 0)
        // Every cell follows from the others.
        #expect(try solver.solve(SudokuBoard(parsing: "12...412.143..21")).guesses == 0)
        // Two digits can be exchanged in four cells: one guess, and the first one is correct.
        let ambiguous = try solver.solve(SudokuBoard(parsing: "..343412..434321"))
        #expect(ambiguous.guesses == 1)
        #expect(ambiguous.solutionCount == 2)
        #expect(ambiguous.solution == filled)
        // By hand: the cells 0, 1, 2, 4, 6, 8 and 9 are guessed, always correctly.
        let empty = solver.solve(SudokuBoard(.four), countingUpTo: 1)
        #expect(empty.guesses == 7)
        #expect(empty.solution?.description == "1234341221434321")
    }

    @Test func contradictionsHaveNoSolution() throws {
        var solver = SudokuSolver(.nine)
        var board = SudokuBoard(.nine)
        board[0] = 5
        board[8] = 5
        let twice = solver.solve(board)
        #expect(twice.solution == nil)
        #expect(twice.solutionCount == 0)
        #expect(twice.guesses == 0)
        // The last cell of the first row has no candidate, because the 9 is already in its column.
        let text = "12345678." + "........9" + String(repeating: ".", count: 63)
        #expect(try solver.solve(SudokuBoard(parsing: text)).solutionCount == 0)
    }
}

extension SudokuSolver {
    /// Solves with a new solver of another geometry.
    fileprivate func solve(
        _ board: SudokuBoard, countingIn geometry: SudokuGeometry, upTo limit: Int
    ) -> Int {
        var solver = SudokuSolver(geometry)
        return solver.solve(board, countingUpTo: limit).solutionCount
    }
}

/// Published lists of puzzles.
@Suite(
    .enabled(
        if: SharedData.has("sudoku-lists"), "the Sudoku lists are not beside the repository"))
struct SudokuListTests {
    @Test(arguments: [
        ("sudoku-easy50.txt", 50), ("sudoku-hardest.txt", 11), ("sudoku-top95.txt", 95),
    ])
    func haveOneSolution(list: String, count: Int) throws {
        var solver = SudokuSolver(.nine)
        let lines = try SharedData.lines("sudoku-lists/\(list)")
        #expect(lines.count == count)
        for line in lines {
            let board = try SudokuBoard(parsing: line)
            let outcome = solver.solve(board)
            #expect(outcome.solutionCount == 1, "\(line)")
            let solution = try #require(outcome.solution)
            #expect(solution.isSolved && solution.isConsistent(with: board), "\(line)")
        }
    }

    @Test func severalSolutionsAreNoticed() throws {
        var solver = SudokuSolver(.nine)
        let lines = try SharedData.lines("sudoku-lists/several-solutions.txt")
        #expect(lines.count == 298)
        for line in lines {
            #expect(try solver.solve(SudokuBoard(parsing: line)).solutionCount == 2, "\(line)")
        }
    }

    @Test func countsAgree() throws {
        var solver = SudokuSolver(.nine)
        let lines = try SharedData.lines("sudoku-lists/tdoku_test_puzzles")
        #expect(lines.count > 40)
        for line in lines {
            let fields = line.split(separator: ":")
            let expected = try #require(Int(fields[1]))
            let outcome = try solver.solve(SudokuBoard(parsing: fields[0]), countingUpTo: 10_000)
            #expect(outcome.solutionCount == expected, "\(line)")
            if expected == 1 {
                #expect(outcome.solution?.description == String(fields[2]))
            }
        }
    }
}

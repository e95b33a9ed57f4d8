import HRMFiles

/// The number of solutions of a board, as far as a bounded search determines it.
package enum SudokuSolvability: Sendable, Hashable {
    /// A digit is given twice in a row, column or box.
    case contradictory(SudokuContradiction)
    /// No cell is given.
    case empty
    /// The givens are consistent, but there is no solution.
    case unsolvable
    /// There is exactly one solution.
    case unique(SudokuBoard)
    /// There are at least two solutions.
    case several
    /// The search ended without a result.
    case undecided
}

extension SudokuSolver {
    /// The default limit of positions for `solvability(of:effort:)`: a fraction of a second, and
    /// far more than a puzzle with one solution needs.
    public static let usualEffort = 20_000

    /// Classifies a board as contradictory, empty, unsolvable, unique or ambiguous.
    ///
    /// - Parameters:
    ///   - board: The board with blanks.
    ///   - effort: The maximum number of positions to search.
    /// - Returns: The classification.
    /// - Precondition: The board has the solver's geometry, and `effort` is positive.
    package mutating func solvability(
        of board: SudokuBoard, effort: Int = SudokuSolver.usualEffort
    ) -> SudokuSolvability {
        precondition(effort > 0, "a search of \(effort) positions")
        if let contradiction = board.contradiction { return .contradictory(contradiction) }
        guard board.givenCount > 0 else { return .empty }
        let outcome = solve(board, countingUpTo: 2, effort: effort)
        if outcome.solutionCount > 1 { return .several }
        guard outcome.isComplete else { return .undecided }
        return outcome.solution.map { .unique($0) } ?? .unsolvable
    }
}

/// Counts the puzzles of a set that have several solutions, with bounded work.
package struct SudokuSurvey: Sendable, Hashable {
    /// The default limit of positions for all puzzles together.
    package static let usualEffort = 1_000_000

    /// The number of puzzles.
    package private(set) var puzzleCount = 0
    /// The number of puzzles that were tested, which are the first ones.
    package private(set) var examinedCount = 0
    /// The number of tested puzzles with several solutions.
    package private(set) var ambiguousCount = 0

    private var effortLeft: Int

    /// Creates an empty survey.
    ///
    /// - Parameter effort: The maximum number of positions to search for all puzzles together.
    package init(effort: Int = SudokuSurvey.usualEffort) {
        effortLeft = effort
    }

    /// Adds a puzzle, and tests it while effort is left.
    ///
    /// - Parameters:
    ///   - question: The board with blanks.
    ///   - solver: A solver for such boards.
    package mutating func add(_ question: SudokuBoard, using solver: inout SudokuSolver) {
        puzzleCount += 1
        guard effortLeft > 0 else { return }
        let status = solver.solvability(
            of: question, effort: min(effortLeft, SudokuSolver.usualEffort))
        examinedCount += 1
        switch status {
        case .contradictory: return
        case .empty: ambiguousCount += 1
        case .several:
            ambiguousCount += 1
            effortLeft -= solver.positionsSearched
        case .unsolvable, .unique, .undecided: effortLeft -= solver.positionsSearched
        }
    }

    /// Returns a sentence about puzzles with several solutions; `nil` if none was found.
    ///
    /// - Parameter split: The split's name.
    /// - Returns: A sentence such as "16 of 16 test puzzles have several solutions; exact accuracy
    ///   counts one of them only".
    package func note(split: String) -> String? {
        guard ambiguousCount > 0 else { return nil }
        let all =
            examinedCount == puzzleCount
            ? puzzleCount.counted("\(split) puzzle")
            : "the first \(examinedCount.counted("\(split) puzzle"))"
        return
            "\(ambiguousCount) of \(all) \(ambiguousCount.word("has", "have")) several solutions; exact accuracy counts one of "
            + "them only"
    }
}

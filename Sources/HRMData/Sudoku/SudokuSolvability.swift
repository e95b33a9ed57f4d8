/// The solutions that a board has, as far as a bounded search can tell.
public enum SudokuSolvability: Sendable, Hashable {
    /// A digit is given twice in a row, column or box.
    case contradictory(SudokuContradiction)
    /// No cell is given.
    case empty
    /// The givens agree with each other and with no solution.
    case unsolvable
    /// One solution.
    case unique(SudokuBoard)
    /// Two solutions at least.
    case several
    /// The search ended before anything was certain.
    case undecided
}

extension SudokuSolver {
    /// Positions that ``solvability(of:effort:)`` looks at unless told otherwise: a fraction of a
    /// second, and far more than a puzzle with one solution takes.
    public static let usualEffort = 20_000

    /// Tells contradictory, empty, unsolvable, ambiguous and proper boards apart.
    ///
    /// - Parameters:
    ///   - board: The board with blanks.
    ///   - effort: Positions that the search looks at, at most.
    /// - Returns: What is certain.
    /// - Precondition: The board has the solver's sizes, and `effort` is positive.
    public mutating func solvability(
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

/// Counts the puzzles of a set that have several solutions, with a bounded amount of work.
public struct SudokuSurvey: Sendable, Hashable {
    /// The number of positions that are looked at for all puzzles together.
    public static let usualEffort = 1_000_000

    /// Puzzles that there are.
    public private(set) var puzzleCount = 0
    /// Puzzles that were examined; the first ones.
    public private(set) var examinedCount = 0
    /// Examined puzzles that have several solutions.
    public private(set) var ambiguousCount = 0

    private var effortLeft: Int

    /// A survey of no puzzles yet.
    ///
    /// - Parameter effort: Positions that are looked at for all puzzles together.
    public init(effort: Int = SudokuSurvey.usualEffort) {
        effortLeft = effort
    }

    /// Counts a puzzle, and examines it while effort is left.
    ///
    /// - Parameters:
    ///   - question: The board with blanks.
    ///   - solver: A solver for such boards.
    public mutating func add(_ question: SudokuBoard, using solver: inout SudokuSolver) {
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

    /// A sentence about puzzles with several solutions; nil when none was found.
    ///
    /// - Parameter split: The split's name.
    /// - Returns: Such as "16 of 16 test puzzles have several solutions; exact accuracy counts one of
    ///   them only".
    public func note(split: String) -> String? {
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

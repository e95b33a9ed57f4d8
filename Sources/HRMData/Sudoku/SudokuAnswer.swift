/// What a model wrote into a Sudoku, and whether that solves it.
public struct SudokuAnswer: Sendable, Hashable {
    /// Whether a board solves a puzzle; when several things are wrong, the first of these is told.
    public enum Verdict: Sendable, Hashable {
        /// Every row, column and box has every digit once, and every given is where it was.
        case valid
        /// Cells without a digit.
        case blanks(Int)
        /// Givens that were overwritten.
        case changedGivens(Int)
        /// Cells whose digit stands twice in a row, column or box.
        case conflicts(Int)
    }

    /// The puzzle.
    public let puzzle: SudokuBoard
    /// The answer; a cell is blank where the model's token is no digit.
    public let board: SudokuBoard

    /// Reads a model's tokens.
    ///
    /// - Parameters:
    ///   - tokens: One token a cell; those that stand for no digit count as blank.
    ///   - puzzle: What was asked.
    /// - Precondition: There are as many tokens as cells.
    public init(tokens: [Int32], to puzzle: SudokuBoard) {
        let largest = Int32(puzzle.geometry.size) + 1
        self.puzzle = puzzle
        board = SudokuBoard(
            puzzle.geometry, cells: tokens.map { (1...largest).contains($0) ? UInt8($0 - 1) : 0 })
    }

    /// Cells without a digit.
    public var blankCells: [Int] { board.cells.indices.filter { board[$0] == 0 } }

    /// Cells that were given and have another content now.
    public var changedGivens: [Int] {
        board.cells.indices.filter { puzzle[$0] != 0 && board[$0] != puzzle[$0] }
    }

    /// Cells whose digit stands in another cell of the same row, column or box.
    public var conflictingCells: [Int] {
        var conflicting: Set<Int> = []
        for unit in board.geometry.units {
            for cell in unit where board[cell] != 0 {
                if unit.contains(where: { $0 != cell && board[$0] == board[cell] }) {
                    conflicting.insert(cell)
                }
            }
        }
        return conflicting.sorted()
    }

    /// Whether the board solves the puzzle, and if not, why.
    public var verdict: Verdict {
        let (blanks, changed, conflicts) = (blankCells, changedGivens, conflictingCells)
        if !blanks.isEmpty { return .blanks(blanks.count) }
        if !changed.isEmpty { return .changedGivens(changed.count) }
        return conflicts.isEmpty ? .valid : .conflicts(conflicts.count)
    }
}

extension SudokuAnswer.Verdict: CustomStringConvertible {
    /// A few words: "valid", or "not valid" and why.
    public var description: String {
        switch self {
        case .valid: "valid"
        case .blanks(let count): "not valid: \(count.counted("cell")) without a digit"
        case .changedGivens(let count):
            "not valid: \(count.counted("given")) overwritten"
        case .conflicts(let count): "not valid: \(count.counted("cell")) in conflict"
        }
    }
}

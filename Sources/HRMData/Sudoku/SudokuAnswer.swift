import HRMFiles

/// A model's answer to a Sudoku, with its verdict.
package struct SudokuAnswer: Sendable, Hashable {
    /// The correctness of an answer; of several problems, the first in the order of the cases.
    package enum Verdict: Sendable, Hashable {
        /// Every row, column and box has every digit once, and all givens are unchanged.
        case valid
        /// The number of cells without a digit.
        case blanks(Int)
        /// The number of overwritten givens.
        case changedGivens(Int)
        /// The number of cells whose digit is repeated in a row, column or box.
        case conflicts(Int)
    }

    /// The puzzle.
    package let puzzle: SudokuBoard
    /// The answer; a cell is blank if the model's token is not a digit.
    package let board: SudokuBoard

    /// Creates an answer from a model's tokens.
    ///
    /// - Parameters:
    ///   - tokens: One token per cell; those that are not digits count as blank.
    ///   - puzzle: The puzzle.
    /// - Precondition: There are as many tokens as cells.
    package init(tokens: [Int32], to puzzle: SudokuBoard) {
        let largest = Int32(puzzle.geometry.size) + 1
        self.puzzle = puzzle
        board = SudokuBoard(
            puzzle.geometry, cells: tokens.map { (1...largest).contains($0) ? UInt8($0 - 1) : 0 })
    }

    /// The cells without a digit.
    package var blankCells: [Int] { board.cells.indices.filter { board[$0] == 0 } }

    /// The cells whose given was overwritten.
    package var changedGivens: [Int] {
        board.cells.indices.filter { puzzle[$0] != 0 && board[$0] != puzzle[$0] }
    }

    /// The cells whose digit is repeated in the same row, column or box.
    package var conflictingCells: [Int] {
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

    /// The verdict on the answer.
    package var verdict: Verdict {
        let (blanks, changed, conflicts) = (blankCells, changedGivens, conflictingCells)
        if !blanks.isEmpty { return .blanks(blanks.count) }
        if !changed.isEmpty { return .changedGivens(changed.count) }
        return conflicts.isEmpty ? .valid : .conflicts(conflicts.count)
    }
}

extension SudokuAnswer.Verdict: CustomStringConvertible {
    /// A short text: "valid", or "not valid" with the reason.
    package var description: String {
        switch self {
        case .valid: "valid"
        case .blanks(let count): "not valid: \(count.counted("cell")) without a digit"
        case .changedGivens(let count):
            "not valid: \(count.counted("given")) overwritten"
        case .conflicts(let count): "not valid: \(count.counted("cell")) in conflict"
        }
    }
}

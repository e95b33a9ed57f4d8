extension SudokuQuestion {
    /// Returns the verdict on an answer, with a remark if the puzzle has not exactly one solution, or
    /// another answer stands beside it.
    ///
    /// - Parameter answer: An answer to this puzzle.
    /// - Returns: A short text.
    func verdict(on answer: SudokuAnswer) -> String {
        let verdict = answer.verdict
        var solver = SudokuSolver(board.geometry)
        switch solver.solvability(of: board) {
        case .empty: return "\(verdict) (nothing was given)"
        case .several where verdict == .valid: return "\(verdict) (one of several solutions)"
        case .several: return "\(verdict) (there are several solutions)"
        case .unsolvable: return "\(verdict) (the puzzle has no solution)"
        case .contradictory, .unique, .undecided: break
        }
        guard let right = self.answer, right != answer.board, verdict == .valid else {
            return verdict.description
        }
        return "\(verdict) (but different from the answer given with the puzzle)"
    }
}

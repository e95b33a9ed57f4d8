extension PuzzleTask {
    /// Returns the reason why a model of this task cannot be evaluated on data with boxes of
    /// another shape.
    ///
    /// Boards of the same size, and thus the same tokens, may have boxes of different shapes.
    ///
    /// - Parameter data: The task of the data; `nil` if unknown.
    /// - Returns: A sentence with both shapes; `nil` if they are equal or unknown.
    public func boxMismatch(with data: PuzzleTask?) -> String? {
        guard case .sudoku(let known) = self, case .sudoku(let found)? = data, known != found,
            known.size == found.size
        else { return nil }
        return "the data are Sudokus with \(found.boxes); the model knows \(known.boxes)"
    }
}

extension PuzzleTask {
    /// Why a model of this task cannot be measured on data of another one with the same tokens: boards of
    /// the same size may have boxes of another shape.
    ///
    /// - Parameter data: What the data are; nil where nothing tells it.
    /// - Returns: A sentence that names both shapes; nil where they are the same, or not known.
    public func boxMismatch(with data: PuzzleTask?) -> String? {
        guard case .sudoku(let known) = self, case .sudoku(let found)? = data, known != found,
            known.size == found.size
        else { return nil }
        return "the data are Sudokus with \(found.boxes); the model knows \(known.boxes)"
    }
}

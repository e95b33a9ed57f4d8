extension PuzzleBatch {
    /// Returns the batch with a random symmetry of the task applied to every example.
    ///
    /// - Parameters:
    ///   - task: The puzzle's task; see `PuzzleTask/symmetry(of:using:)`.
    ///   - generator: Draws a symmetry for each row, in order.
    /// - Returns: A batch of the same examples, with the same transform for question and answer;
    ///   ignored labels and padding rows are unchanged.
    /// - Precondition: The rows are as long as the task's puzzles.
    package func augmented(
        for task: PuzzleTask, using generator: inout some RandomNumberGenerator
    ) -> PuzzleBatch {
        precondition(
            sequenceLength == task.sequenceLength,
            "rows of \(sequenceLength) tokens for puzzles of \(task.sequenceLength)")
        var result = self
        for row in 0..<exampleCount {
            let cells = (row * sequenceLength)..<((row + 1) * sequenceLength)
            let symmetry = task.symmetry(of: Array(inputs[cells]), using: &generator)
            for (cell, source) in zip(cells, symmetry.sources) {
                let (input, label) = (
                    inputs[cells.lowerBound + source], labels[cells.lowerBound + source]
                )
                result.inputs[cell] = symmetry.tokenMap[Int(input)]
                result.labels[cell] =
                    label == Self.ignoredLabel ? label : symmetry.tokenMap[Int(label)]
            }
        }
        return result
    }
}

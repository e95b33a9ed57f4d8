extension PuzzleQuestion {
    /// Creates a question from a test input of an ARC task, written as digits with `/` between rows.
    ///
    /// - Parameters:
    ///   - test: The test input, with the correct answer if it is known.
    ///   - canvas: The model's canvas.
    ///   - identifier: The puzzle identifier of the task or of an augmentation.
    /// - Precondition: The input fits on the canvas.
    public init(_ test: ARCPair, canvas: ARCCanvas, identifier: Int) {
        let task = GridTask(
            alphabet: .numbers(ARCTask.colorCount), canvas: GridCanvas(side: canvas.size))
        self.init(.grid(test.input, task, answer: test.output), identifier: Int32(identifier))
    }
}

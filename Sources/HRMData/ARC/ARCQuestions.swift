import HRMFiles

/// The test inputs of a task in all its augmentations, as model inputs.
package struct ARCQuestions: Sendable {
    private let task: ARCTask
    private let canvas: ARCCanvas

    /// Creates the inputs for a task's tests.
    ///
    /// - Precondition: All grids fit on the canvas.
    package init(_ task: ARCTask, canvas: ARCCanvas) {
        precondition(
            task.longestSide <= canvas.size,
            "a grid of \(task.longestSide) on a canvas of \(canvas.size)")
        self.task = task
        self.canvas = canvas
    }

    /// Returns a split in memory with one puzzle for each augmentation and one example for each
    /// test input.
    ///
    /// - Parameters:
    ///   - names: The name of each puzzle identifier.
    ///   - identifiers: The identifiers of the task's augmentations.
    /// - Returns: A split for models with this canvas and these names.
    /// - Throws: ``DatasetError`` if `identifiers` is empty.
    package func dataset(
        names: [String], identifiers: [Int]
    ) throws(DatasetError) -> PuzzleDataset {
        var inputs: [UInt8] = []
        var labels: [UInt8] = []
        for identifier in identifiers {
            let augmentation = ARCAugmentation.parse(names[identifier]).augmentation
            for pair in task.tests {
                inputs += canvas.encode(augmentation.apply(to: pair.input))
                labels +=
                    pair.output.map { canvas.encode(augmentation.apply(to: $0)) }
                    ?? Array(repeating: ARCCanvas.padToken, count: canvas.sequenceLength)
            }
        }
        let puzzles = Int32(identifiers.count)
        let arrays = PuzzleArrays(
            inputs: CompactIntegers(inputs), labels: CompactIntegers(labels),
            puzzleIdentifiers: identifiers.map(Int32.init),
            puzzleIndices: (0...puzzles).map { $0 * Int32(task.tests.count) },
            groupIndices: [0, puzzles])
        let metadata = DatasetMetadata(
            vocabularySize: ARCCanvas.vocabularySize, sequenceLength: canvas.sequenceLength,
            puzzleIdentifierCount: names.count, groupCount: 1,
            meanExamplesPerPuzzle: Double(task.tests.count))
        return try PuzzleDataset(metadata: metadata, sets: [arrays], identifiers: names)
    }
}

import HRMData

/// An iterator over the examples of a split.
struct ExampleQueue {
    struct Example {
        var setName: String
        var number: Int
        var puzzleIdentifier: Int32
        var inputs: ArraySlice<Int32>
        var labels: ArraySlice<Int32>

        /// Returns whether all labelled cells are correct, and the share of correct ones.
        func rightness(of tokens: [Int32]) -> (isExact: Bool, share: Double) {
            let labelled = zip(tokens, labels).filter { $1 != PuzzleBatch.ignoredLabel }
            let right = labelled.count { $0 == $1 }
            return labelled.isEmpty
                ? (false, 0)
                : (right == labelled.count, Double(right) / Double(labelled.count))
        }
    }

    private var batches: EvaluationBatches.Iterator
    private var batch: PuzzleBatch?
    private var row = 0
    private var number = 0
    private var left: Int

    init(_ dataset: PuzzleDataset, limit: Int) {
        batches = EvaluationBatches(dataset, batchSize: 64).makeIterator()
        left = limit
    }

    mutating func next() -> Example? {
        guard left > 0 else { return nil }
        while row >= batch?.exampleCount ?? 0 {
            guard let following = batches.next() else { return nil }
            if following.setName != batch?.setName { number = 0 }
            batch = following
            row = 0
        }
        guard let batch else { return nil }
        defer {
            row += 1
            number += 1
            left -= 1
        }
        let length = batch.sequenceLength
        let cells = (row * length)..<((row + 1) * length)
        return Example(
            setName: batch.setName, number: number,
            puzzleIdentifier: batch.puzzleIdentifiers[row], inputs: batch.inputs[cells],
            labels: batch.labels[cells])
    }
}

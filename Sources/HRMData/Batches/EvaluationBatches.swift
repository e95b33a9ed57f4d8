/// All examples of a data set in order, each once; the last batch of each set is padded.
///
/// Several workers can share each batch: worker `r` of `n` gets the rows `r·B/n ..< (r + 1)·B/n`;
/// its share of the last batch may be padding only.
package struct EvaluationBatches: Sequence, Sendable {
    /// The source of the examples.
    package let dataset: PuzzleDataset
    /// `B`, the rows of a batch over all workers.
    package let batchSize: Int
    /// The index of the worker whose rows these batches contain, counting from 0.
    package let worker: Int
    /// The number of workers.
    package let workerCount: Int

    /// Creates the batches of one worker.
    ///
    /// - Precondition: `batchSize` is a multiple of `workerCount`, at most 1,000,000, and `0 <=
    ///   worker < workerCount`.
    package init(_ dataset: PuzzleDataset, batchSize: Int, worker: Int = 0, workerCount: Int = 1) {
        precondition(
            (0..<workerCount).contains(worker), "worker \(worker) of \(workerCount)")
        precondition(
            (1...1_000_000).contains(batchSize) && batchSize.isMultiple(of: workerCount),
            "\(workerCount) workers cannot share batches of \(batchSize) equally")
        self.dataset = dataset
        self.batchSize = batchSize
        self.worker = worker
        self.workerCount = workerCount
    }

    /// The number of batches.
    package var count: Int {
        dataset.sets.reduce(0) { $0 + ($1.exampleCount + batchSize - 1) / batchSize }
    }

    /// The number of batches.
    package var underestimatedCount: Int { count }

    /// Returns an iterator that starts at the first batch.
    package func makeIterator() -> Iterator {
        Iterator(batches: self)
    }

    /// An iterator over the batches.
    package struct Iterator: IteratorProtocol, Sendable {
        let batches: EvaluationBatches
        private var setIndex = 0
        private var start = 0

        init(batches: EvaluationBatches) {
            self.batches = batches
        }

        /// Returns the next batch, or `nil` after the last one.
        package mutating func next() -> PuzzleBatch? {
            let sets = batches.dataset.sets
            while setIndex < sets.count, start >= sets[setIndex].exampleCount {
                setIndex += 1
                start = 0
            }
            guard setIndex < sets.count else { return nil }
            let set = sets[setIndex]
            let end = Swift.min(start + batches.batchSize, set.exampleCount)
            let share = batches.batchSize / batches.workerCount
            let first = Swift.min(start + batches.worker * share, end)
            let examples = first..<Swift.min(first + share, end)
            defer { start += batches.batchSize }
            return batches.dataset.batch(
                examples: examples, puzzles: examples.map(set.puzzle(ofExample:)), set: setIndex,
                rowCount: share, globalExampleCount: end - start)
        }
    }
}

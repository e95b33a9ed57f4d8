import HRMFiles

/// An endless, reproducible stream of shuffled full training batches.
///
/// The stream consists of passes. A pass over a set is a number of epochs, each a random order of
/// all groups; each group in turn contributes examples of one of its puzzles, chosen at random (see
/// ``BatchSelection``). A partial batch at the end of a pass is dropped. Passes cycle through the
/// sets.
package struct TrainingBatches<Generator: RandomNumberGenerator>: Sequence, IteratorProtocol {
    /// The state that determines the next batches; plain values, so that a run can be resumed.
    package struct State {
        /// The source of the random choices.
        package var generator: Generator
        /// The number of the current pass, counting from 1, over all sets.
        package var passNumber: Int
        /// The index of the current pass's set.
        package var setIndex: Int
        /// The number of epochs of the pass that have begun.
        package var epochsBegun: Int
        /// The groups in the order of the current epoch.
        package var groupOrder: [Int32]
        /// The number of groups of ``groupOrder`` that have been used.
        package var position: Int
    }

    /// The source of the examples.
    package let dataset: PuzzleDataset
    /// `B`, the number of examples in a batch.
    package let batchSize: Int
    /// The number of epochs in a pass.
    package let epochsPerPass: Int
    /// The state that determines the next batches.
    package private(set) var state: State

    /// The minimum number of batches in an automatic pass, so that at most about one in this many
    /// is dropped.
    private static var batchesPerAutomaticPass: Int { 16 }

    /// Creates a stream at its start.
    ///
    /// - Parameters:
    ///   - dataset: The training split.
    ///   - batchSize: `B`, the number of examples in a batch.
    ///   - epochsPerPass: The number of consecutive epochs before a partial batch is dropped; the
    ///     reference's `epochs_per_iter`, where it is the number of epochs between two evaluations.
    ///     By default as many as are guaranteed to fill 16 batches, so that small data sets lose
    ///     little.
    ///   - generator: The source of the random choices.
    /// - Throws: ``DatasetError`` if a pass might not fill a single batch.
    package init(
        _ dataset: PuzzleDataset, batchSize: Int, epochsPerPass: Int? = nil,
        using generator: Generator
    ) throws(DatasetError) {
        let state = State(
            generator: generator, passNumber: 0, setIndex: dataset.sets.count - 1,
            epochsBegun: 0, groupOrder: [], position: 0)
        try self.init(dataset, batchSize: batchSize, epochsPerPass: epochsPerPass, resuming: state)
        beginPass()
    }

    /// Creates a stream that continues another one.
    ///
    /// - Parameters:
    ///   - dataset: The same training split.
    ///   - batchSize: The same batch size.
    ///   - epochsPerPass: The same number of epochs.
    ///   - state: The ``state`` of the other stream.
    /// - Throws: ``DatasetError`` if a pass might not fill a single batch, or the state belongs to
    ///   another data set.
    package init(
        _ dataset: PuzzleDataset, batchSize: Int, epochsPerPass: Int? = nil, resuming state: State
    ) throws(DatasetError) {
        guard (1...1_000_000).contains(batchSize) else { throw .invalidBatchSize(batchSize) }
        let offers = dataset.sets.map { (name: $0.name, examples: $0.leastExamplesPerEpoch) }
        let least = offers.min { $0.examples < $1.examples } ?? (name: "", examples: 0)
        let automatic =
            (Self.batchesPerAutomaticPass * batchSize - 1) / Swift.max(1, least.examples) + 1
        let epochs = epochsPerPass ?? automatic
        let offer = least.examples.multipliedReportingOverflow(by: epochs)
        guard least.examples > 0, epochs > 0, offer.overflow || offer.partialValue >= batchSize
        else {
            throw .batchNotFilled(
                set: least.name, batchSize: batchSize, epochsPerPass: epochs,
                examplesPerEpoch: least.examples)
        }
        self.dataset = dataset
        self.batchSize = batchSize
        self.epochsPerPass = epochs
        self.state = state
        try checkState()
    }

    private func checkState() throws(DatasetError) {
        guard dataset.sets.indices.contains(state.setIndex) else {
            throw .foreignState(
                reason: "it is in set \(state.setIndex) of \(dataset.sets.count)")
        }
        let groupCount = dataset.sets[state.setIndex].groupCount
        let counts = 0...(1 << 53)
        guard counts.contains(state.passNumber), counts.contains(state.epochsBegun) else {
            throw .foreignState(
                reason: "it counts \(state.passNumber.counted("pass", "passes")) and "
                    + state.epochsBegun.counted("epoch"))
        }
        guard state.groupOrder.allSatisfy({ (0..<groupCount).contains(Int($0)) }) else {
            throw .foreignState(reason: "it has groups beyond the \(groupCount) that there are")
        }
        guard (0...state.groupOrder.count).contains(state.position) else {
            throw .foreignState(
                reason:
                    "its position is \(state.position) of \(state.groupOrder.count.counted("group"))"
            )
        }
    }

    /// Returns the next batch; never `nil`.
    package mutating func next() -> PuzzleBatch? {
        while true {
            var choices = Choices(
                state: state, groupCount: dataset.sets[state.setIndex].groupCount,
                epochsPerPass: epochsPerPass)
            let selection = BatchSelection(
                filling: batchSize, from: dataset.sets[state.setIndex], by: &choices)
            state = choices.state
            if selection.examples.count == batchSize {
                return dataset.batch(
                    examples: selection.examples, puzzles: selection.puzzles, set: state.setIndex)
            }
            beginPass()
        }
    }

    private mutating func beginPass() {
        state.passNumber += 1
        state.setIndex = (state.setIndex + 1) % dataset.sets.count
        state.epochsBegun = 0
        state.groupOrder = []
        state.position = 0
    }
}

extension TrainingBatches: Sendable where Generator: Sendable {}
extension TrainingBatches.State: Sendable where Generator: Sendable {}
extension TrainingBatches.State: Equatable where Generator: Equatable {}
extension TrainingBatches.State: Encodable where Generator: Encodable {}
extension TrainingBatches.State: Decodable where Generator: Decodable {}

extension TrainingBatches {
    /// Choices drawn from the state's generator.
    private struct Choices: SamplingChoices {
        var state: State
        let groupCount: Int
        let epochsPerPass: Int

        mutating func nextGroup() -> Int? {
            if state.position == state.groupOrder.count {
                guard state.epochsBegun < epochsPerPass else { return nil }
                state.epochsBegun += 1
                let groups = 0..<Int32(groupCount)
                state.groupOrder = ErasedGenerator.erasing(&state.generator) {
                    groups.shuffled(using: &$0)
                }
                state.position = 0
            }
            defer { state.position += 1 }
            return Int(state.groupOrder[state.position])
        }

        mutating func choosePuzzle(from puzzles: Range<Int>) -> Int {
            Int.random(in: puzzles, using: &state.generator)
        }

        mutating func chooseExamples(_ count: Int, from examples: Range<Int>) -> [Int] {
            // The first steps of a Fisher–Yates shuffle.
            var members = Array(examples)
            for index in 0..<count {
                members.swapAt(
                    index, Int.random(in: index..<members.count, using: &state.generator))
            }
            return Array(members.prefix(count))
        }
    }
}

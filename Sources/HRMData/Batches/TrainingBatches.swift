/// An endless, reproducible stream of shuffled training batches, all of them full.
///
/// The stream consists of passes. A pass over a set is a number of epochs, each a random order of
/// all groups; each group in turn gives the examples of one of its puzzles, chosen at random (see
/// ``BatchSelection``). What is left at the end of a pass and does not fill a batch is dropped. Then
/// the next set has its pass, and after the last set the first one again.
public struct TrainingBatches<Generator: RandomNumberGenerator>: Sequence, IteratorProtocol {
    /// Everything that decides which batches come next; plain values, so that a run can be resumed.
    public struct State {
        /// Where the random choices come from.
        public var generator: Generator
        /// The number of the current pass, counting from 1, over all sets.
        public var passNumber: Int
        /// The set of the current pass.
        public var setIndex: Int
        /// Epochs of the pass that have been begun.
        public var epochsBegun: Int
        /// The groups in the order of the current epoch.
        public var groupOrder: [Int32]
        /// How many groups of ``groupOrder`` have been used.
        public var position: Int
    }

    /// Where the examples are from.
    public let dataset: PuzzleDataset
    /// `B`, examples in a batch.
    public let batchSize: Int
    /// Orders of all groups that make up a pass.
    public let epochsPerPass: Int
    /// What decides the batches to come.
    public private(set) var state: State

    /// With automatic passes, at most about one in this many batches is lost to an incomplete one.
    private static var batchesPerAutomaticPass: Int { 16 }

    /// A stream from its beginning.
    ///
    /// - Parameters:
    ///   - dataset: The training split.
    ///   - batchSize: `B`, examples in a batch.
    ///   - epochsPerPass: Epochs that are strung together before an incomplete batch is dropped;
    ///     the reference's `epochs_per_iter`, there the epochs between two evaluations. By default
    ///     as many as surely fill 16 batches, so that small data sets lose little.
    ///   - generator: Decides every choice.
    /// - Throws: ``DatasetError`` when a pass might not fill a single batch.
    public init(
        _ dataset: PuzzleDataset, batchSize: Int, epochsPerPass: Int? = nil,
        using generator: Generator
    ) throws(DatasetError) {
        let state = State(
            generator: generator, passNumber: 0, setIndex: dataset.sets.count - 1,
            epochsBegun: 0, groupOrder: [], position: 0)
        try self.init(dataset, batchSize: batchSize, epochsPerPass: epochsPerPass, resuming: state)
        beginPass()
    }

    /// A stream that goes on where another one was.
    ///
    /// - Parameters:
    ///   - dataset: The same training split.
    ///   - batchSize: The same batch size.
    ///   - epochsPerPass: The same number of epochs.
    ///   - state: The ``state`` of the other stream.
    /// - Throws: ``DatasetError`` when a pass might not fill a single batch, or the state belongs to
    ///   another data set.
    public init(
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

    /// The next batch; there always is one.
    public mutating func next() -> PuzzleBatch? {
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
            // The beginning of a Fisher–Yates shuffle.
            var members = Array(examples)
            for index in 0..<count {
                members.swapAt(
                    index, Int.random(in: index..<members.count, using: &state.generator))
            }
            return Array(members.prefix(count))
        }
    }
}

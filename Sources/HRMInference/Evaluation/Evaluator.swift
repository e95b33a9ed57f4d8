public import HRMData
public import HRMEngine
import HRMFiles
public import HRMModel
public import HRMTensor

/// Evaluates a model on a split of a data set: every puzzle gets all segments, and the answer after
/// the last one is scored.
public struct Evaluator {
    /// The results for one set.
    public struct Report: Sendable, Equatable {
        /// The name of the set.
        public var setName: String
        /// The metrics, summed over the puzzles.
        public var metrics: StepMetrics
        /// The accuracy of copying the input.
        ///
        /// It is the share of labelled cells whose label is already in the input, averaged over the
        /// puzzles.
        public var copyAccuracy: Double
        /// Answers that the task's scorer accepts; nil if the labels are the only correct answers.
        public var accepted: Accepted?
        /// The number of answers that satisfy the rules of the task; nil if the rules are unknown.
        public var validCount: Int?

        /// The number of acceptable answers, including those that differ from the labels.
        public struct Accepted: Sendable, Equatable {
            /// The name of their share, such as `valid_path`.
            public var name: String
            /// The number of acceptable answers.
            public var count: Int
        }

        /// Names and values as reported by the reference.
        public var values: [(name: String, value: Double)] {
            let values = metrics.report(lossDivisor: Double(metrics.count))
            guard let accepted else { return values }
            let share = Double(accepted.count) / Double(max(1, metrics.count))
            let place = values.firstIndex { $0.name == "exact_accuracy" }.map { $0 + 1 }
            var all = values
            all.insert((accepted.name, share), at: place ?? values.count)
            return all
        }

        /// The number of puzzles.
        public var count: Int { metrics.count }
        /// The number of puzzles with every cell correct.
        public var exactCount: Int { metrics.exactCount }
        /// The mean share of correct cells, 0 through 1.
        public var accuracy: Double { metrics.accuracy }
        /// The share of puzzles with every cell correct, 0 through 1.
        public var exactAccuracy: Double { metrics.exactAccuracy }
        /// The 95 % confidence interval of ``exactAccuracy``.
        public var exactAccuracyInterval: ConfidenceInterval {
            ConfidenceInterval(successes: exactCount, of: count)
        }
    }

    /// A puzzle with the model's final answer.
    public struct Prediction: Sendable {
        /// The name of the puzzle's set.
        public var setName: String
        /// The index of the puzzle among the examples of its set.
        public var example: Int
        /// The row of the puzzle embedding; the blank row for data without identifiers.
        public var puzzleIdentifier: Int32
        /// The input tokens, `[S]`, as a slice of a batch.
        public var inputs: ArraySlice<Int32>
        /// The labels, `[S]`, with `PuzzleBatch.ignoredLabel` for cells that are not scored.
        public var labels: ArraySlice<Int32>
        /// The most likely token of each cell after the last segment, `[S]`.
        public var tokens: [Int32]
        /// The "halt" logit after the last segment.
        public var qHalt: Float
    }

    /// The default batch size, which keeps a few workers busy within a small machine's memory.
    public static let defaultBatchSize = 64

    private let engine: any Engine
    /// True if answers from logits that are not finite count as wrong; otherwise they are errors.
    package var acceptsNonFinite = false
    /// The choices of the search, of a model that reads candidates.
    public var search = SearchOptions()

    /// Creates an evaluator of an engine's model.
    ///
    /// - Parameter engine: An engine for inference; its number of slots affects memory, not results.
    package init(engine: any Engine) {
        self.engine = engine
    }

    /// Creates an evaluator of one model.
    ///
    /// - Parameters:
    ///   - model: The model; it may be trained further between evaluations.
    ///   - workers: The worker threads.
    ///   - batchSize: The number of puzzles evaluated at the same time; it affects memory, not
    ///     results.
    public init(
        model: HierarchicalReasoningModel, workers: Workers = .available,
        batchSize: Int = defaultBatchSize
    ) {
        engine = CPUEngine(model: model, slotCount: batchSize, workers: workers)
    }

    /// Evaluates the first puzzles of a split.
    ///
    /// If the data set's task has a scorer (`PuzzleTask.scorer`), it scores every answer.
    ///
    /// - Parameters:
    ///   - dataset: A split that fits the model.
    ///   - limit: The maximum number of puzzles; nil for all.
    ///   - progress: Called after each segment with the number of puzzles done, those in progress
    ///     counting in part; ends the evaluation if it returns false. Puzzles in progress are then
    ///     left out.
    ///   - onPrediction: Called with every answer, in the order of the split.
    /// - Returns: One report per set, in the order of the sets; sets that were not reached have
    ///   none.
    /// - Throws: ``EvaluationError`` if the split does not fit the model, or logits are not finite.
    public func evaluate(
        _ dataset: PuzzleDataset, limit: Int? = nil, progress: (Double) -> Bool = { _ in true },
        onPrediction: ((Prediction) -> Void)? = nil
    ) throws(EvaluationError) -> [Report] {
        try Self.check(dataset, fits: engine.dimensions)
        var reports = ReportBuilder(dataset.task)
        try run(dataset, limit: limit ?? .max, progress: progress) { example, answer in
            let prediction = reports.add(answer.outcome, tokens: answer.answer, to: example)
            onPrediction?(prediction)
        }
        return reports.finished
    }

    /// Runs all segments of each puzzle.
    private func run(
        _ dataset: PuzzleDataset, limit: Int, progress: (Double) -> Bool,
        answered: (ExampleQueue.Example, ContinuousBatch.Progress) -> Void
    ) throws(EvaluationError) {
        let maxSteps = engine.configuration.haltMaxSteps
        var examples = ExampleQueue(dataset, limit: limit)
        var open: [Int: ExampleQueue.Example] = [:]
        var count = 0
        var done = 0
        var shares = 0.0
        var isFinite = true
        var batch = ContinuousBatch(engine: engine)
        batch.run { _ in
            guard let example = examples.next() else { return .end }
            open[count] = example
            defer { count += 1 }
            return .next(
                ContinuousBatch.Attempt(
                    key: .init(puzzle: count), tokens: Array(example.inputs),
                    labels: Array(example.labels), identifier: example.puzzleIdentifier,
                    maxSteps: maxSteps, search: search))
        } onBatch: {
            defer { shares = 0 }
            return isFinite && progress(Double(done) + shares) ? .proceed : .stop
        } onSegment: { answer in
            guard answer.isFinite || acceptsNonFinite else {
                isFinite = false
                return .stop
            }
            if answer.isLast, let example = open.removeValue(forKey: answer.key.puzzle) {
                answered(example, answer)
                done += 1
            } else {
                shares += Double(answer.steps) / Double(maxSteps)
            }
            return .proceed
        }
        guard isFinite else { throw .output(engine.nonFiniteOutput) }
    }

    /// Refuses a data set whose vocabulary, sequence length or identifiers do not fit the model.
    public static func check(
        _ dataset: PuzzleDataset, fits model: HierarchicalReasoningModel
    ) throws(EvaluationError) {
        try check(dataset, fits: model.dimensions)
    }

    static func check(
        _ dataset: PuzzleDataset, fits needed: PuzzleDimensions
    ) throws(EvaluationError) {
        let found = PuzzleDimensions(dataset.metadata)
        guard
            found.vocabularySize == needed.vocabularySize,
            found.sequenceLength == needed.sequenceLength,
            found.puzzleIdentifierCount <= needed.puzzleIdentifierCount
        else { throw .otherData(model: needed, dataset: found) }
    }
}

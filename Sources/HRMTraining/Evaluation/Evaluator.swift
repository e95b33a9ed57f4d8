public import HRMData
public import HRMModel
public import HRMTensor

/// Measures a model on a split of a data set: every puzzle gets all of its segments, and what it
/// has after the last one counts.
public struct Evaluator {
    /// What came out for one set.
    public struct Report: Sendable, Equatable {
        /// The set's name.
        public var setName: String
        /// Sums over its puzzles.
        public var metrics: StepMetrics
        /// What copying the input would score.
        ///
        /// It is the share of labelled cells that the input gives away already, mean over puzzles:
        /// the accuracy of a model that learned nothing else.
        public var copyAccuracy: Double

        /// Names and values as the reference reports them.
        public var values: [(name: String, value: Double)] {
            metrics.report(lossDivisor: Double(metrics.count))
        }

        /// 95 % interval of the share of puzzles solved exactly.
        public var exactAccuracyInterval: ConfidenceInterval {
            ConfidenceInterval(successes: metrics.exactAccuracy, of: metrics.count)
        }
    }

    /// What came out for one puzzle.
    public struct Prediction: Sendable, Equatable {
        /// The identifier of the puzzle.
        public var puzzleIdentifier: Int32
        /// The tokens that were given, `[S]`.
        public var inputs: [Int32]
        /// The tokens that are right, `[S]`; ``PuzzleBatch/ignoredLabel`` where none counts.
        public var labels: [Int32]
        /// The most likely token of each cell after the last segment, `[S]`.
        public var tokens: [Int32]
        /// Logit of "halt" after the last segment.
        public var qHalt: Float
    }

    /// Enough sequences to keep a few workers busy, few enough for a small machine's memory.
    public static let defaultBatchSize = 64

    private let model: HierarchicalReasoningModel
    private let engine: ReasoningEngine

    /// An evaluator of one model.
    ///
    /// - Parameters:
    ///   - model: The model; may go on being trained between evaluations.
    ///   - workers: Threads.
    ///   - batchSize: Puzzles that are worked on at the same time; decides memory, not results.
    public init(
        model: HierarchicalReasoningModel, workers: Workers, batchSize: Int = defaultBatchSize
    ) {
        self.model = model
        engine = ReasoningEngine(
            model: model, batchSize: batchSize, workers: workers, training: false)
    }

    /// Evaluates the first puzzles of a split.
    ///
    /// - Parameters:
    ///   - dataset: A split that fits the model.
    ///   - limit: Puzzles at most; none for all.
    ///   - progress: Told after each batch how many puzzles are done; returns whether to go on.
    ///   - onPrediction: Told what came out for each puzzle, in order; nothing of it is kept here.
    /// - Returns: One report a set, in the order of the sets; sets that were not reached have none.
    /// - Throws: ``EvaluationError`` when the split does not fit the model.
    public func evaluate(
        _ dataset: PuzzleDataset, limit: Int? = nil, progress: (Int) -> Bool = { _ in true },
        onPrediction: ((Prediction) -> Void)? = nil
    ) throws(EvaluationError) -> [Report] {
        try Self.check(dataset, fits: model)
        let maxSteps = model.configuration.haltMaxSteps
        var reports: [Report] = []
        var done = 0
        for batch in EvaluationBatches(dataset, batchSize: engine.batchSize) {
            let wanted = min(batch.exampleCount, (limit ?? Int.max) - done)
            guard wanted > 0 else { break }
            var carry = Carry(batchSize: engine.batchSize, model: model)
            carry.refill(from: TokenBatch(batch), model: model)
            var outcomes: [SequenceOutcome] = []
            for _ in 0..<maxSteps { outcomes = engine.evaluationStep(&carry, maxSteps: maxSteps) }

            if reports.last?.setName != batch.setName {
                reports.append(
                    Report(setName: batch.setName, metrics: StepMetrics(), copyAccuracy: 0))
            }
            for outcome in outcomes.prefix(wanted) {
                reports[reports.count - 1].metrics.add(outcome)
                reports[reports.count - 1].copyAccuracy += batch.copyAccuracy(row: outcome.row)
                onPrediction?(prediction(for: outcome, in: batch))
            }
            done += wanted
            guard progress(done) else { break }
        }
        for index in reports.indices {
            reports[index].copyAccuracy /= Double(max(1, reports[index].metrics.count))
        }
        return reports
    }

    private func prediction(for outcome: SequenceOutcome, in batch: PuzzleBatch) -> Prediction {
        let length = batch.sequenceLength
        let cells = (outcome.row * length)..<((outcome.row + 1) * length)
        return Prediction(
            puzzleIdentifier: batch.puzzleIdentifiers[outcome.row],
            inputs: Array(batch.inputs[cells]), labels: Array(batch.labels[cells]),
            tokens: engine.predictions(of: outcome.row), qHalt: outcome.qHalt)
    }

    /// Refuses a data set whose tokens, length or identifiers the model was not made for.
    public static func check(
        _ dataset: PuzzleDataset, fits model: HierarchicalReasoningModel
    ) throws(EvaluationError) {
        let found = PuzzleDimensions(dataset.metadata)
        let needed = model.dimensions
        guard
            found.vocabularySize == needed.vocabularySize,
            found.sequenceLength == needed.sequenceLength,
            found.puzzleIdentifierCount <= needed.puzzleIdentifierCount
        else { throw EvaluationError(model: needed, dataset: found) }
    }
}

/// A data set that does not fit a model.
public struct EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What the model was made for.
    public var model: PuzzleDimensions
    /// What the data set has.
    public var dataset: PuzzleDimensions

    /// One sentence: what differs, and what to do.
    public var description: String {
        "the data set has \(Self.words(dataset)), the model was trained on \(Self.words(model)); "
            + "evaluate it on data prepared like its training data"
    }

    private static func words(_ dimensions: PuzzleDimensions) -> String {
        "\(dimensions.vocabularySize) tokens, length \(dimensions.sequenceLength) and "
            + "\(dimensions.puzzleIdentifierCount) puzzle identifiers"
    }
}

extension PuzzleBatch {
    /// The share of a row's labelled cells whose label stands in the input.
    fileprivate func copyAccuracy(row: Int) -> Double {
        let cells = (row * sequenceLength)..<((row + 1) * sequenceLength)
        let labelled = cells.filter { labels[$0] != PuzzleBatch.ignoredLabel }
        let copied = labelled.count { labels[$0] == inputs[$0] }
        return labelled.isEmpty ? 0 : Double(copied) / Double(labelled.count)
    }
}

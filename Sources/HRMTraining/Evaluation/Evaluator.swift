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
        /// Answers that the task's judge accepts; none where the data set's right answers are the only
        /// ones.
        public var accepted: Accepted?
        /// Answers that the rules of the task accept; nil where the rules are unknown.
        public var validCount: Int?

        /// How many answers are acceptable, even if the data set has another one.
        public struct Accepted: Sendable, Equatable {
            /// What the share is called, such as `valid_path`.
            public var name: String
            /// How many there are.
            public var count: Int
        }

        /// Names and values as the reference reports them.
        public var values: [(name: String, value: Double)] {
            let values = metrics.report(lossDivisor: Double(metrics.count))
            guard let accepted else { return values }
            let share = Double(accepted.count) / Double(max(1, metrics.count))
            let place = values.firstIndex { $0.name == "exact_accuracy" }.map { $0 + 1 }
            var all = values
            all.insert((accepted.name, share), at: place ?? values.count)
            return all
        }

        /// 95 % interval of the share of puzzles solved exactly.
        public var exactAccuracyInterval: ConfidenceInterval {
            ConfidenceInterval(successes: metrics.exactAccuracy, of: metrics.count)
        }
    }

    /// One puzzle with the model's final answer, for whoever looks at answers one by one.
    public struct Prediction: Sendable {
        /// The name of the puzzle's set.
        public var setName: String
        /// The puzzle's place among the examples of its set.
        public var example: Int
        /// The row of the puzzle embedding; the blank one where there are no identifiers.
        public var puzzleIdentifier: Int32
        /// The question's tokens, `[S]`; the slice belongs to a batch.
        public var inputs: ArraySlice<Int32>
        /// The right tokens, `[S]`, with `PuzzleBatch.ignoredLabel` where they do not count.
        public var labels: ArraySlice<Int32>
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
    /// Where the data set's task has a judge (`PuzzleTask.judge`), it is asked about every answer.
    ///
    /// - Parameters:
    ///   - dataset: A split that fits the model.
    ///   - limit: Puzzles at most; none for all.
    ///   - progress: Told after each segment how many puzzles are done, those that are being thought
    ///     about in part; returns whether to go on. A batch that is broken off does not count.
    ///   - onPrediction: Shown every answer, in the order of the split; nothing of it is kept here.
    /// - Returns: One report a set, in the order of the sets; sets that were not reached have none.
    /// - Throws: ``EvaluationError`` when the split does not fit the model.
    public func evaluate(
        _ dataset: PuzzleDataset, limit: Int? = nil, progress: (Double) -> Bool = { _ in true },
        onPrediction: ((Prediction) -> Void)? = nil
    ) throws(EvaluationError) -> [Report] {
        try Self.check(dataset, fits: model)
        let maxSteps = model.configuration.haltMaxSteps
        let judge = dataset.task?.judge
        let checker = dataset.task?.checker
        var reports: [Report] = []
        var done = 0
        var setStart = 0
        batches: for batch in EvaluationBatches(dataset, batchSize: engine.batchSize) {
            let wanted = min(batch.exampleCount, (limit ?? Int.max) - done)
            guard wanted > 0 else { break }
            var carry = Carry(batchSize: engine.batchSize, model: model)
            carry.refill(from: TokenBatch(batch), model: model)
            var outcomes: [SequenceOutcome] = []
            for step in 1...maxSteps {
                outcomes = engine.evaluationStep(&carry, maxSteps: maxSteps, first: wanted)
                let share = Double(step) / Double(maxSteps)
                // A large model takes a minute for a batch: nobody should have to wait for its end.
                guard step == maxSteps || progress(Double(done) + share * Double(wanted)) else {
                    break batches
                }
            }

            if reports.last?.setName != batch.setName {
                setStart = done
                reports.append(
                    Report(
                        setName: batch.setName, metrics: StepMetrics(), copyAccuracy: 0,
                        accepted: judge.map { .init(name: $0.name, count: 0) },
                        validCount: checker.map { _ in 0 }))
            }
            let report = reports.count - 1
            for outcome in outcomes {
                let example = done - setStart + outcome.row
                reports[report].metrics.add(outcome)
                reports[report].copyAccuracy += batch.copyAccuracy(row: outcome.row)
                guard judge != nil || checker != nil || onPrediction != nil else { continue }
                let prediction = prediction(for: outcome, in: batch, example: example)
                if judge?.accepts(prediction.tokens, to: prediction.inputs) == true {
                    reports[report].accepted?.count += 1
                }
                if let checker, checker(Array(prediction.inputs), prediction.tokens) {
                    reports[report].validCount? += 1
                }
                onPrediction?(prediction)
            }
            done += wanted
            guard progress(Double(done)) else { break }
        }
        for index in reports.indices {
            reports[index].copyAccuracy /= Double(max(1, reports[index].metrics.count))
        }
        return reports
    }

    private func prediction(
        for outcome: SequenceOutcome, in batch: PuzzleBatch, example: Int
    ) -> Prediction {
        let length = batch.sequenceLength
        let cells = (outcome.row * length)..<((outcome.row + 1) * length)
        return Prediction(
            setName: batch.setName, example: example,
            puzzleIdentifier: batch.puzzleIdentifiers[outcome.row], inputs: batch.inputs[cells],
            labels: batch.labels[cells], tokens: engine.predictions(of: outcome.row),
            qHalt: outcome.qHalt)
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
        "\(dimensions.vocabularySize.counted("token")), length \(dimensions.sequenceLength) and "
            + dimensions.puzzleIdentifierCount.counted("puzzle identifier")
    }
}

extension PuzzleBatch {
    /// The share of a row's labelled cells whose label stands in the input.
    fileprivate func copyAccuracy(row: Int) -> Double {
        let cells = (row * sequenceLength)..<((row + 1) * sequenceLength)
        return Self.copyAccuracy(inputs: inputs[cells], labels: labels[cells])
    }

    /// The share of labelled cells whose label stands in the input.
    static func copyAccuracy(inputs: ArraySlice<Int32>, labels: ArraySlice<Int32>) -> Double {
        let labelled = zip(inputs, labels).filter { $1 != ignoredLabel }
        return labelled.isEmpty
            ? 0 : Double(labelled.count { $0 == $1 }) / Double(labelled.count)
    }
}

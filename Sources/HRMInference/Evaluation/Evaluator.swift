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

    private let model: HierarchicalReasoningModel
    private let engine: ReasoningEngine
    /// True if results that are no numbers count as wrong answers: a training looks after its own.
    package var acceptsNonFinite = false

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
        self.model = model
        engine = ReasoningEngine(
            model: model, batchSize: batchSize, workers: workers, training: false)
    }

    /// Evaluates the first puzzles of a split.
    ///
    /// Where the data set's task has a scorer (`PuzzleTask.scorer`), it is asked about every answer.
    ///
    /// - Parameters:
    ///   - dataset: A split that fits the model.
    ///   - limit: Puzzles at most; none for all.
    ///   - progress: Told after each segment how many puzzles are done, those that are being thought
    ///     about in part; returns whether to go on. A batch that is broken off does not count.
    ///   - onPrediction: Shown every answer, in the order of the split; nothing of it is kept here.
    /// - Returns: One report a set, in the order of the sets; sets that were not reached have none.
    /// - Throws: ``EvaluationError`` when the split does not fit the model, or the model's results are
    ///   no numbers.
    public func evaluate(
        _ dataset: PuzzleDataset, limit: Int? = nil, progress: (Double) -> Bool = { _ in true },
        onPrediction: ((Prediction) -> Void)? = nil
    ) throws(EvaluationError) -> [Report] {
        try Self.check(dataset, fits: model)
        let maxSteps = model.configuration.haltMaxSteps
        let scorer = dataset.task?.scorer
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
                if !acceptsNonFinite { try requireFinite(first: wanted) }
                let share = Double(step) / Double(maxSteps)
                // A batch of a large model takes a minute, so stopping must be possible within a
                // batch.
                guard step == maxSteps || progress(Double(done) + share * Double(wanted)) else {
                    break batches
                }
            }

            if reports.last?.setName != batch.setName {
                setStart = done
                reports.append(
                    Report(
                        setName: batch.setName, metrics: StepMetrics(), copyAccuracy: 0,
                        accepted: scorer.map { .init(name: $0.name, count: 0) },
                        validCount: checker.map { _ in 0 }))
            }
            let report = reports.count - 1
            for outcome in outcomes {
                let example = done - setStart + outcome.row
                reports[report].metrics.add(outcome)
                reports[report].copyAccuracy += batch.copyAccuracy(row: outcome.row)
                guard scorer != nil || checker != nil || onPrediction != nil else { continue }
                let prediction = prediction(for: outcome, in: batch, example: example)
                if scorer?.accepts(prediction.tokens, to: prediction.inputs) == true {
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

    private func requireFinite(first count: Int) throws(EvaluationError) {
        do throws(NonFiniteOutput) {
            try engine.requireFinite(first: count)
        } catch {
            throw .output(error)
        }
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

    /// Refuses a data set whose vocabulary, sequence length or identifiers do not fit the model.
    public static func check(
        _ dataset: PuzzleDataset, fits model: HierarchicalReasoningModel
    ) throws(EvaluationError) {
        let found = PuzzleDimensions(dataset.metadata)
        let needed = model.dimensions
        guard
            found.vocabularySize == needed.vocabularySize,
            found.sequenceLength == needed.sequenceLength,
            found.puzzleIdentifierCount <= needed.puzzleIdentifierCount
        else { throw .otherData(model: needed, dataset: found) }
    }
}

/// Why a model cannot be measured on a data set.
public enum EvaluationError: Error, Equatable, Sendable {
    /// The data set has something that the model was not made for.
    case otherData(model: PuzzleDimensions, dataset: PuzzleDimensions)
    /// The model's results are no numbers.
    case output(NonFiniteOutput)
}

extension EvaluationError: CustomStringConvertible {
    /// One sentence: what is wrong, and what to do.
    public var description: String {
        switch self {
        case .otherData(let model, let dataset):
            "the data set has \(Self.words(dataset)), the model was trained on \(Self.words(model)); "
                + "evaluate it on data prepared like its training data"
        case .output(let error): error.description
        }
    }

    private static func words(_ dimensions: PuzzleDimensions) -> String {
        "\(dimensions.vocabularySize.counted("token")), length \(dimensions.sequenceLength) and "
            + dimensions.puzzleIdentifierCount.counted("puzzle identifier")
    }
}

extension PuzzleBatch {
    /// Returns the share of a row's labelled cells whose label is in the input.
    fileprivate func copyAccuracy(row: Int) -> Double {
        let cells = (row * sequenceLength)..<((row + 1) * sequenceLength)
        return Self.copyAccuracy(inputs: inputs[cells], labels: labels[cells])
    }

    /// Returns the share of labelled cells whose label is in the input.
    static func copyAccuracy(inputs: ArraySlice<Int32>, labels: ArraySlice<Int32>) -> Double {
        let labelled = zip(inputs, labels).filter { $1 != ignoredLabel }
        return labelled.isEmpty
            ? 0 : Double(labelled.count { $0 == $1 }) / Double(labelled.count)
    }
}

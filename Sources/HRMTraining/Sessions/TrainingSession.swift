public import HRMData
public import HRMModel
public import HRMTensor

/// A training run from data folder to run folder.
public struct TrainingSession {
    /// What happens during a run, for whoever shows it.
    public enum Event: Sendable {
        /// A step was made.
        case step(Trainer.StepResult)
        /// The model was evaluated after a step.
        case evaluation(step: Int, reports: [Evaluator.Report])
    }

    /// When a run ends, other than after the configuration's epochs.
    public struct Limits: Sendable {
        /// Steps to make, more or fewer than the epochs come to.
        public var steps: Int?
        /// Time at most, from the first step to the last; evaluations in between count.
        public var duration: Duration?
        /// Test puzzles that the evaluations on the way use; the last one uses all.
        public var puzzlesPerEvaluation: Int?

        /// No limits but those given.
        public init(
            steps: Int? = nil, duration: Duration? = nil, puzzlesPerEvaluation: Int? = nil
        ) {
            self.steps = steps
            self.duration = duration
            self.puzzlesPerEvaluation = puzzlesPerEvaluation
        }
    }

    /// The settings.
    public let configuration: TrainingConfiguration
    /// The model; its weights change while the session runs.
    public let model: HierarchicalReasoningModel
    /// Steps of the schedule: those of the limits, or ⌊epochs · groups · mean examples a puzzle /
    /// batch⌋.
    public let totalSteps: Int
    /// Steps from one evaluation to the next; none evaluates at the end alone.
    public let stepsPerEvaluation: Int?

    private let training: PuzzleDataset
    private let test: PuzzleDataset?
    private let limits: Limits
    private let workers: Workers

    /// Builds a fresh model for a data set.
    ///
    /// - Parameters:
    ///   - configuration: Valid settings.
    ///   - training: The training split.
    ///   - test: The test split; none trains without evaluation.
    ///   - limits: When to end early.
    ///   - workers: Threads.
    /// - Throws: ``ConfigurationError``, ``TrainingSessionError``, ``DatasetError`` when the training
    ///   split does not fill a batch, or ``EvaluationError`` when the test split differs from it.
    public init(
        configuration: TrainingConfiguration, training: PuzzleDataset, test: PuzzleDataset?,
        limits: Limits = Limits(), workers: Workers
    ) throws {
        try configuration.validate()
        let metadata = training.metadata
        let examplesPerEpoch = Double(metadata.groupCount) * metadata.meanExamplesPerPuzzle
        let batch = Double(configuration.globalBatchSize)
        let scheduled = (Double(configuration.epochs) * examplesPerEpoch / batch).rounded(.down)
        guard limits.steps != nil || scheduled >= 1 else {
            throw TrainingSessionError.tooShort(
                epochs: configuration.epochs, examples: Int(examplesPerEpoch),
                batchSize: configuration.globalBatchSize)
        }
        totalSteps = limits.steps ?? Int(min(scheduled, 1e15))
        stepsPerEvaluation = configuration.evaluationInterval.map {
            max(1, Int(min(Double($0) * examplesPerEpoch / batch, 1e15)))
        }
        self.configuration = configuration
        self.training = training
        self.test = test
        self.limits = limits
        self.workers = workers
        var generator = SeededGenerator(seed: configuration.seed, stream: RandomStream.weights)
        model = HierarchicalReasoningModel(
            configuration: configuration.architecture, dimensions: PuzzleDimensions(metadata),
            using: &generator)
        // What the run would stumble on is found before anything is written.
        _ = try makeBatches()
        if let test { try Evaluator.check(test, fits: model) }
    }

    private func makeBatches() throws(DatasetError) -> TrainingBatches<SeededGenerator> {
        try TrainingBatches(
            training, batchSize: configuration.globalBatchSize,
            using: SeededGenerator(seed: configuration.seed, stream: RandomStream.batches))
    }

    /// Trains to the end and writes the run folder.
    ///
    /// `metrics.jsonl` depends on data, settings and worker count alone, never on the clock: the
    /// same run twice gives the same file (unless a duration limits it).
    ///
    /// - Parameters:
    ///   - folder: An empty run folder.
    ///   - shouldStop: Asked after every step.
    ///   - report: Told everything as it happens.
    /// - Returns: The last whole evaluation's reports.
    /// - Throws: ``RunFolderError``, ``CheckpointError``, ``DatasetError`` or ``EvaluationError``.
    @discardableResult
    public func run(
        in folder: RunFolder, shouldStop: () -> Bool = { false }, report: (Event) -> Void
    ) throws -> [Evaluator.Report] {
        try folder.write(configuration)
        var description = RunDescription(
            packageVersion: Package.version, seed: configuration.seed, workers: workers.count,
            kernelPath: KernelPath.active.name, dataPath: configuration.dataPath,
            dimensions: model.dimensions)
        try folder.write(description)
        // Blank alone is a data set whose puzzles have no names.
        if let names = training.identifiers, names.count > 1 {
            try folder.write(identifiers: names)
        }
        let log = try folder.openMetricsLog()
        let file = ModelFile(
            configuration: configuration, model: model, task: training.task)
        var batches = try makeBatches()
        var trainer = Trainer(
            model: model, configuration: configuration, totalSteps: totalSteps, workers: workers)
        let evaluator = test.map {
            Evaluator(
                model: model, workers: workers,
                batchSize: max(1, min(Evaluator.defaultBatchSize, $0.exampleCount)))
        }
        let clock = ContinuousClock()
        let start = clock.now
        var reports: [Evaluator.Report] = []
        var wasStopped = false

        while trainer.step < totalSteps, !wasStopped, let batch = batches.next(),
            let result = trainer.advance(with: TokenBatch(batch))
        {
            try log.append(record(of: result))
            report(.step(result))
            wasStopped = shouldStop()
            let isOver = limits.duration.map { clock.now - start >= $0 } ?? false
            let isLast = wasStopped || isOver || trainer.step == totalSteps
            let isDue = stepsPerEvaluation.map { trainer.step.isMultiple(of: $0) } ?? false
            if isLast || (isDue && configuration.checkpointsEveryEvaluation) {
                try file.write(to: folder.checkpointURL)
            }
            if let evaluator, let test, !wasStopped, isDue || isLast {
                let found = try evaluator.evaluate(
                    test, limit: isLast ? nil : limits.puzzlesPerEvaluation,
                    progress: { _ in !shouldStop() })
                // An evaluation that was broken off says nothing about the whole split.
                wasStopped = shouldStop()
                if !wasStopped {
                    reports = found
                    try log.append(record(of: reports, step: trainer.step))
                    report(.evaluation(step: trainer.step, reports: reports))
                }
            }
            if isOver { break }
        }
        description.state = wasStopped ? .interrupted : .finished
        try folder.write(description)
        return reports
    }

    private func record(of result: Trainer.StepResult) -> [(key: String, value: MetricValue)] {
        let values = result.metrics.report(lossDivisor: Double(configuration.globalBatchSize))
        return [("step", .integer(result.step))]
            + values.map { ("train/\($0.name)", MetricValue.double($0.value)) }
            + [("train/lr", .double(result.learningRate))]
    }

    private func record(
        of reports: [Evaluator.Report], step: Int
    ) -> [(key: String, value: MetricValue)] {
        [("step", .integer(step))]
            + reports.flatMap { report in
                report.values.map { ("\(report.setName).\($0.name)", MetricValue.double($0.value)) }
            }
    }
}

/// A run that cannot begin.
public enum TrainingSessionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The schedule has no step.
    case tooShort(epochs: Int, examples: Int, batchSize: Int)

    /// One sentence: what is wrong and how to mend it.
    public var description: String {
        switch self {
        case .tooShort(let epochs, let examples, let batchSize):
            "\(epochs) epochs of \(examples) examples do not fill one batch of \(batchSize); "
                + "raise epochs, or lower global_batch_size"
        }
    }
}

/// The package, as run folders and the command name it.
public enum Package {
    /// Semantic version.
    public static let version = "0.1.0"
}

import Foundation
public import HRMData
public import HRMModel
public import HRMTensor

/// A training run from data folder to run folder, new or gone on with.
public struct TrainingSession {
    /// What happens during a run, for whoever shows it.
    public enum Event: Sendable {
        /// An earlier run goes on after so many steps: none where it had written no checkpoint.
        case resumed(after: Int)
        /// A step was made.
        case step(Trainer.StepResult)
        /// The model is being evaluated after a step; the share that is made, 0 through 1.
        case evaluating(step: Int, share: Double)
        /// The model was evaluated after a step.
        case evaluation(Evaluation)
        /// A checkpoint was written.
        case checkpoint(step: Int)
        /// The run diverged in `step`, and went back to an earlier one.
        case restored(to: Int, from: Int, cause: Divergence)
    }

    /// What an evaluation came to.
    public struct Evaluation: Sendable, Equatable {
        /// Steps made before it.
        public var step = 0
        /// One report a set for the weights as they are trained.
        public var reports: [Evaluator.Report] = []
        /// The same for the average of the weights; empty where none is kept.
        public var averageReports: [Evaluator.Report] = []

        /// The reports of the model that the run is for.
        public var best: [Evaluator.Report] { averageReports.isEmpty ? reports : averageReports }
    }

    /// How a run came to its end.
    public struct Outcome: Sendable, Equatable {
        /// Why it ended.
        public enum End: Sendable, Equatable {
            /// All steps are made.
            case finished
            /// The training puzzles are all but known.
            case saturated(accuracy: Double)
            /// It was asked to stop.
            case interrupted
            /// Its time was over.
            case outOfTime
        }

        /// Why it ended.
        public var end: End
        /// The last step.
        public var step: Int
        /// The evaluation of the last weights on the whole split; none when there was none.
        public var evaluation: Evaluation?
    }

    /// When a run ends, other than after the configuration's epochs.
    public struct Limits: Sendable {
        /// Steps to make, more or fewer than the epochs come to.
        public var steps: Int?
        /// Time at most, from the first step to the last; evaluations in between count.
        public var duration: Duration?
        /// Test puzzles that the evaluations on the way use; the last one uses all.
        public var puzzlesPerEvaluation: Int?
        /// Test puzzles that the last evaluation uses; all unless given.
        public var puzzlesAtEnd: Int?
        /// Steps from one evaluation to the next, instead of the configuration's epochs.
        public var stepsPerEvaluation: Int?

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
    /// Threads.
    public let workers: Workers
    /// What the run notes of the weights it began with; nil where they were new.
    public let startingWeights: StartingWeights.Record?

    let training: PuzzleDataset
    let test: PuzzleDataset?
    let limits: Limits
    /// Whether the run folder is that of an earlier session.
    let isResumed: Bool

    /// Builds a model for a data set: with new weights, or those that the configuration names.
    ///
    /// - Parameters:
    ///   - configuration: Valid settings.
    ///   - training: The training split.
    ///   - test: The test split; none trains without evaluation.
    ///   - limits: When to end early.
    ///   - workers: Threads.
    /// - Throws: `ConfigurationError`, ``TrainingSessionError``, ``StartingWeightsError`` or another error
    ///   about the weights to begin with, `DatasetError` when the training split does not fill a batch
    ///   or none of its labels counts, or ``EvaluationError`` when the test split differs from it.
    public init(
        configuration: TrainingConfiguration, training: PuzzleDataset, test: PuzzleDataset?,
        limits: Limits = Limits(), workers: Workers
    ) throws {
        try self.init(
            configuration: configuration, training: training, test: test, limits: limits,
            workers: workers,
            start: try configuration.startingWeights.map {
                .weights(try StartingWeights(path: $0), mustBe: nil)
            } ?? .fresh, isResumed: false)
    }

    /// Goes on with a run.
    ///
    /// With the worker count of the first session, which is the default, every bit of the result is
    /// what one uninterrupted session would have given.
    ///
    /// - Parameters:
    ///   - folder: The run.
    ///   - configuration: Its settings, or changed ones of the same model, batch size and seed.
    ///   - training: The same training split as before.
    ///   - test: The test split.
    ///   - limits: When to end; without steps, after those the run was begun with.
    ///   - workers: Threads; as many as before unless given.
    /// - Throws: The errors of a new session, ``TrainingSessionError`` when data or settings are
    ///   others than before, or ``RunFolderError``.
    public init(
        resuming folder: RunFolder, configuration: TrainingConfiguration,
        training: PuzzleDataset, test: PuzzleDataset?, limits: Limits = Limits(),
        workers: Workers? = nil
    ) throws {
        let description = try folder.description()
        guard description.totalSteps >= 1 else {
            throw RunFolderError.malformedDescription(
                path: folder.descriptionURL.path,
                reason: "total_steps is \(description.totalSteps), and a run has at least one")
        }
        try Self.requireSame(configuration, as: try folder.configuration())
        guard training.fingerprint == description.dataFingerprint else {
            throw TrainingSessionError.otherData(path: configuration.dataPath)
        }
        var limits = limits
        let steps = limits.steps ?? description.totalSteps
        let done = CheckpointFolder(url: folder.checkpointsURL).steps().max() ?? 0
        guard steps >= done else { throw TrainingSessionError.stepsBehind(steps, done: done) }
        limits.steps = steps
        limits.puzzlesPerEvaluation =
            limits.puzzlesPerEvaluation ?? description.puzzlesPerEvaluation
        try self.init(
            configuration: configuration, training: training, test: test, limits: limits,
            workers: workers ?? Workers(count: max(1, description.workers)),
            start: try Self.start(resuming: folder, configuration, description), isResumed: true)
    }

    /// The weights that a run has before its first step.
    private enum Start {
        /// Drawn ones.
        case fresh
        /// Those of a file, which may have to be the one that a run was begun with.
        case weights(StartingWeights, mustBe: StartingWeights.Record?)
        /// None of interest: a checkpoint replaces them.
        case replaced(StartingWeights.Record?)
    }

    private static func start(
        resuming folder: RunFolder, _ configuration: TrainingConfiguration,
        _ description: RunDescription
    ) throws -> Start {
        guard CheckpointFolder(url: folder.checkpointsURL).steps().isEmpty else {
            return .replaced(description.startingWeights)
        }
        return try configuration.startingWeights.map {
            .weights(try StartingWeights(path: $0), mustBe: description.startingWeights)
        } ?? .fresh
    }

    /// Refuses settings without which the checkpoint makes no sense.
    private static func requireSame(
        _ new: TrainingConfiguration, as old: TrainingConfiguration
    ) throws(TrainingSessionError) {
        let fixed = ConfigurationSetting.all.filter {
            $0.key.hasPrefix("arch.")
                || [
                    "global_batch_size", "open_batches", "seed", "ema", "ema_rate", "ema_warmup",
                    "optimizer", "freeze_weights", "load_checkpoint",
                ].contains($0.key)
        }
        for setting in fixed where setting.read(new) != setting.read(old) {
            throw .fixedSetting(
                key: setting.key, value: setting.read(new).text, was: setting.read(old).text)
        }
    }

    private init(
        configuration: TrainingConfiguration, training: PuzzleDataset, test: PuzzleDataset?,
        limits: Limits, workers: Workers, start: Start, isResumed: Bool
    ) throws {
        let metadata = training.metadata
        guard training.hasCountedLabels else {
            let folder = URL(fileURLWithPath: configuration.dataPath)
            throw DatasetError.noLabels(
                path: folder.appendingPathComponent("train").path, ignored: metadata.ignoredLabel)
        }
        try configuration.validate(for: PuzzleDimensions(metadata))
        try configuration.architecture.validateBoxes(for: training.task)
        try configuration.requireMemory(
            for: PuzzleDimensions(metadata), workers: workers.count)
        guard
            configuration.augmentation == .never || training.task?.hasSymmetries ?? false
        else {
            throw TrainingSessionError.noSymmetries(path: configuration.dataPath)
        }
        let examplesPerEpoch = Double(metadata.groupCount) * metadata.meanExamplesPerPuzzle
        let batch = Double(configuration.globalBatchSize)
        let scheduled = (Double(configuration.epochs) * examplesPerEpoch / batch).rounded(.down)
        guard limits.steps != nil || scheduled >= 1 else {
            throw TrainingSessionError.tooShort(
                epochs: configuration.epochs, examples: Int(examplesPerEpoch),
                batchSize: configuration.globalBatchSize)
        }
        totalSteps = limits.steps ?? Int(min(scheduled, 1e15))
        let interval = configuration.evaluationInterval.map {
            max(1, Int(min(Double($0) * examplesPerEpoch / batch, 1e15)))
        }
        stepsPerEvaluation = limits.stepsPerEvaluation ?? interval
        self.configuration = configuration
        self.training = training
        self.test = test
        self.limits = limits
        self.workers = workers
        self.isResumed = isResumed
        let dimensions = PuzzleDimensions(metadata)
        if case .weights(let weights, let expected) = start {
            let record: StartingWeights.Record
            (model, record) = try weights.model(
                for: configuration.architecture, dimensions: dimensions,
                names: training.identifiers)
            guard expected.map({ $0.digest == record.digest }) ?? true else {
                throw StartingWeightsError.changed(path: record.path)
            }
            startingWeights = record
        } else {
            var generator = SeededGenerator(
                seed: configuration.seed, stream: RandomStream.weights)
            model = HierarchicalReasoningModel(
                configuration: configuration.architecture, dimensions: dimensions,
                using: &generator)
            if case .replaced(let record) = start {
                startingWeights = record
            } else {
                startingWeights = nil
            }
        }
        // What the run would stumble on is found before anything is written.
        _ = try makeBatches()
        if let test { try Evaluator.check(test, fits: model) }
    }

    func makeBatches() throws(DatasetError) -> TrainingBatches<SeededGenerator> {
        try TrainingBatches(
            training, batchSize: configuration.globalBatchSize,
            using: SeededGenerator(seed: configuration.seed, stream: RandomStream.batches))
    }

    /// Trains to the end and writes the run folder.
    ///
    /// `metrics.jsonl` and the weights depend on data, settings and worker count alone, never on the
    /// clock or on how often the run was broken off: only a run that is left unfinished when its
    /// time is over has an evaluation more, which is gone when it goes on.
    ///
    /// - Parameters:
    ///   - folder: An empty run folder, or that of the session that is gone on with.
    ///   - checkpoints: When checkpoints are written.
    ///   - drawSample: Draws a puzzle of each evaluation for the event file.
    ///   - shouldStop: Asked after every step, and after every segment of an evaluation.
    ///   - report: Told everything as it happens.
    /// - Returns: How it ended.
    /// - Throws: ``TrainingSessionError/diverged(step:cause:checkpoint:)`` when the guards stop the
    ///   run; ``RunFolderError``, ``FileError``, ``CheckpointError``, `DatasetError` or
    ///   ``EvaluationError``. Whatever is thrown, the last checkpoint is whole.
    @discardableResult
    public func run(
        in folder: RunFolder, checkpoints: CheckpointPolicy = CheckpointPolicy(),
        drawSample: SampleDrawing? = nil, shouldStop: () -> Bool = { false },
        report: (Event) -> Void
    ) throws -> Outcome {
        try folder.whileLocked {
            var loop = try SessionLoop(
                self, folder: folder, policy: checkpoints, drawSample: drawSample)
            if isResumed { report(.resumed(after: loop.stepsBefore)) }
            return try loop.run(shouldStop: shouldStop, report: report)
        }
    }
}

/// A run that cannot begin, or cannot go on.
public enum TrainingSessionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The schedule has no step.
    case tooShort(epochs: Int, examples: Int, batchSize: Int)
    /// The configuration asks for random images of puzzles that have none.
    case noSymmetries(path: String)
    /// The training split is not the one that the run was begun with.
    case otherData(path: String)
    /// A setting that cannot change when a run goes on.
    case fixedSetting(key: String, value: String, was: String)
    /// A run that goes on is to end before the place where it is.
    case stepsBehind(Int, done: Int)
    /// The guards stopped the run; it can go on from a checkpoint, if there is one.
    case diverged(step: Int, cause: Divergence, checkpoint: Int?)

    /// One sentence: what is wrong and how to mend it.
    public var description: String {
        switch self {
        case .tooShort(let epochs, let examples, let batchSize):
            "\(epochs) epochs of \(examples) examples do not fill one batch of \(batchSize); "
                + "raise epochs, or lower global_batch_size"
        case .noSymmetries(let path):
            "augment needs puzzles whose symmetries are known: Sudokus, mazes, or grids of which "
                + "task.json names symmetries that keep them on their canvas, and \(path) has none of "
                + "these; prepare the data again with --symmetry or --symmetry-map, or set "
                + "augment=never"
        case .otherData(let path):
            "the training split in \(path) is not the one that the run was begun with; "
                + "name its folder with --data"
        case .fixedSetting(let key, let value, let was):
            "\(key) cannot become \(value) when a run goes on, since it was begun with \(was); "
                + "begin a new run"
        case .stepsBehind(let steps, let done):
            "the run has made \(done) steps already, and cannot end after \(steps); ask for more steps, "
                + "or begin a new run"
        case .diverged(let step, let cause, let checkpoint):
            "step \(step): \(cause), so the run was stopped; "
                + (checkpoint.map { "it can go on from step \($0) with a lower lr" }
                    ?? "there is no checkpoint yet, begin again with a lower lr")
        }
    }
}

/// The package, as run folders and the command name it.
public enum Package {
    /// Semantic version.
    public static let version = "0.1.0"
}

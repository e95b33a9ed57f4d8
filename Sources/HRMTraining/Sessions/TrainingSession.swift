import Foundation
public import HRMData
public import HRMEngine
import HRMFiles
public import HRMInference
public import HRMModel
public import HRMTensor

/// A new or resumed training run, from data folder to run folder.
public struct TrainingSession {
    /// An event during a run, for display.
    public enum Event: Sendable {
        /// An earlier run is resumed after this many steps; 0 if it has no checkpoint.
        case resumed(after: Int)
        /// A checkpoint cannot be used, so the preceding one is used instead.
        case unusableCheckpoint(step: Int, CheckpointError)
        /// A step was made.
        case step(Trainer.StepResult)
        /// An evaluation after a step is in progress, with its completed share, 0 through 1.
        case evaluating(step: Int, share: Double)
        /// The model was evaluated after a step.
        case evaluation(Evaluation)
        /// A checkpoint was written.
        case checkpoint(step: Int)
        /// The run diverged in step `from` and returned to an earlier one.
        case restored(to: Int, from: Int, cause: Divergence)
    }

    /// The results of an evaluation.
    public struct Evaluation: Sendable, Equatable {
        /// The number of steps before it.
        public var step = 0
        /// One report per set for the trained weights.
        public var reports: [Evaluator.Report] = []
        /// One report per set for the averaged weights; empty without averaging.
        public var averageReports: [Evaluator.Report] = []

        /// The reports of the final model: the averaged weights if enabled.
        public var best: [Evaluator.Report] { averageReports.isEmpty ? reports : averageReports }
    }

    /// The outcome of a run.
    public struct Outcome: Sendable, Equatable {
        /// The reason a run ended.
        public enum End: Sendable, Equatable {
            /// All steps were completed.
            case finished
            /// The training accuracy reached its limit.
            case saturated(accuracy: Double)
            /// A stop was requested.
            case interrupted
            /// The time limit was reached.
            case outOfTime
        }

        /// The reason the run ended.
        public var end: End
        /// The last step.
        public var step: Int
        /// The evaluation of the last weights on the whole split; nil if there was none.
        public var evaluation: Evaluation?
    }

    /// Limits of a run that override the configuration's epochs.
    public struct Limits: Sendable {
        /// The number of steps, smaller or larger than that of the epochs.
        public var steps: Int?
        /// The maximum time from the first step to the last, including the evaluations in between;
        /// at least one step is made.
        public var duration: Duration?
        /// The number of test puzzles in intermediate evaluations; the last one uses all.
        public var puzzlesPerEvaluation: Int?
        /// The number of test puzzles in the last evaluation; nil for all.
        public var puzzlesAtEnd: Int?
        /// Steps between evaluations, instead of the configuration's epochs.
        public var stepsPerEvaluation: Int?

        /// Creates limits; nil means no limit.
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
    /// The steps of the schedule: those of the limits, or ⌊epochs · groups · mean examples per
    /// puzzle / batch⌋.
    public let totalSteps: Int
    /// Steps between evaluations; nil to evaluate only at the end.
    public let stepsPerEvaluation: Int?
    /// The worker threads; with several processes, those of each.
    public let workers: Workers
    /// The devices; nil for this machine's processors.
    package var engines: (any EngineProvider)?
    /// The number of processes that share the training.
    package var processCount: Int { engines?.processCount ?? 1 }
    /// The number of workers in all processes, on which the results depend.
    package var totalWorkers: Int { workers.count * processCount }
    /// The record of the starting weights; nil for new ones.
    package let startingWeights: StartingWeights.Record?
    /// True if the session continues from a checkpoint of the run, with the run's own weights.
    public let continuesCheckpoint: Bool
    /// Warnings about settings that presume a different kind of puzzle from the data's; empty if
    /// there are none.
    public var doubts: [ConfigurationError] {
        configuration.doubts(about: training.task, dimensions: model.dimensions)
    }
    /// True if the model is evaluated, which requires a test split.
    public var isEvaluated: Bool { test != nil }

    let training: PuzzleDataset
    let test: PuzzleDataset?
    let limits: Limits
    /// True if the run folder belongs to an earlier session.
    let isResumed: Bool

    /// Creates a session with a new model for a data set, with new weights or those that the
    /// configuration names.
    ///
    /// - Parameters:
    ///   - configuration: Valid settings.
    ///   - training: The training split.
    ///   - test: The test split; nil to train without evaluation.
    ///   - limits: The limits of the run.
    ///   - workers: The worker threads.
    /// - Throws: `ConfigurationError`, ``TrainingSessionError``, `StartingWeightsError` or
    ///   another error about the starting weights; `DatasetError` if the training split does not
    ///   fill a batch or no cell has a label; `EvaluationError` if the test split has different
    ///   dimensions.
    public init(
        configuration: TrainingConfiguration, training: PuzzleDataset,
        test: PuzzleDataset? = nil, limits: Limits = Limits(), workers: Workers = .available
    ) throws {
        try self.init(
            configuration: configuration, training: training, test: test, limits: limits,
            workers: workers,
            start: try configuration.startingWeights.map {
                .weights(try StartingWeights(path: $0), mustBe: nil)
            } ?? .fresh, isResumed: false)
    }

    /// Resumes a run.
    ///
    /// With the worker count of the first session, which is the default, the result is bit for bit
    /// that of an uninterrupted session.
    ///
    /// - Parameters:
    ///   - folder: The run.
    ///   - configuration: The settings, which may have changed except for model, batch size and
    ///     seed.
    ///   - training: The same training split as before.
    ///   - test: The test split.
    ///   - limits: The limits; without steps, the original number of steps applies.
    ///   - workers: The worker threads; by default as many as before.
    /// - Throws: The errors of a new session, ``TrainingSessionError`` if data or fixed settings
    ///   differ, or ``RunFolderError``.
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
        let written = try folder.configuration()
        if let changed = Self.changedSetting(from: written, to: configuration) {
            throw TrainingSessionError.fixedSetting(
                key: changed.key, value: changed.value, was: changed.was)
        }
        let newest = try CheckpointFolder(url: folder.checkpointsURL).newest()
        // A checkpoint contains the weights, so the file of the starting weights need not exist any
        // more.
        if let own = try newest?.checkpoint.configuration(),
            let changed = Self.changedSetting(
                from: own, to: written, besides: [\.startingWeights])
        {
            throw TrainingSessionError.changedFile(
                path: folder.configurationURL.path, key: changed.key, value: changed.value,
                was: changed.was)
        }
        guard training.fingerprint == description.dataFingerprint else {
            throw TrainingSessionError.otherData(path: configuration.dataPath)
        }
        var limits = limits
        let steps = limits.steps ?? description.totalSteps
        let done = newest?.checkpoint.step ?? 0
        guard steps >= done else { throw TrainingSessionError.stepsBehind(steps, done: done) }
        limits.steps = steps
        limits.puzzlesPerEvaluation =
            limits.puzzlesPerEvaluation ?? description.puzzlesPerEvaluation
        try self.init(
            configuration: configuration, training: training, test: test, limits: limits,
            workers: workers
                ?? Workers(count: min(max(1, description.workers), RunDescription.mostWorkers)),
            start: try Self.start(resuming: folder, configuration, description), isResumed: true)
    }

    /// The weights of a run before its first step.
    private enum Start {
        /// New random weights.
        case fresh
        /// The weights of a file, which may have to match the record of an earlier session.
        case weights(StartingWeights, mustBe: StartingWeights.Record?)
        /// Arbitrary weights, to be replaced from a checkpoint.
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

    /// Returns the first setting that a checkpoint depends on and that differs; nil if there is
    /// none.
    private static func changedSetting(
        from old: TrainingConfiguration, to new: TrainingConfiguration,
        besides exceptions: [PartialKeyPath<TrainingConfiguration>] = []
    ) -> (key: String, value: String, was: String)? {
        TrainingSetting.all.first { setting in
            setting.isFixed && setting.read(new) != setting.read(old)
                && !exceptions.contains { $0 == setting.property?() }
        }.map { ($0.key, $0.read(new).text, $0.read(old).text) }
    }

    private init(
        configuration: TrainingConfiguration, training: PuzzleDataset, test: PuzzleDataset?,
        limits: Limits, workers: Workers, start: Start, isResumed: Bool
    ) throws {
        let metadata = training.metadata
        if case .weights(let weights, _) = start {
            try weights.requireFitting(PuzzleDimensions(metadata), task: training.task)
        }
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
            continuesCheckpoint = false
        } else {
            var generator = SeededGenerator(
                seed: configuration.seed, stream: RandomStream.weights)
            model = HierarchicalReasoningModel(
                configuration: configuration.architecture, dimensions: dimensions,
                using: &generator)
            if case .replaced(let record) = start {
                (startingWeights, continuesCheckpoint) = (record, true)
            } else {
                (startingWeights, continuesCheckpoint) = (nil, false)
            }
        }
        // Check the batches before anything is written.
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
    /// `metrics.jsonl` and the weights depend only on data, settings and worker count, never on the
    /// clock or on interruptions. There is one exception: a run that reaches its time limit ends
    /// with an additional evaluation, which is removed when the run is resumed. A run that ends
    /// before its first step has no weights and no checkpoint.
    ///
    /// - Parameters:
    ///   - folder: An empty run folder, or that of the session being resumed.
    ///   - checkpoints: The schedule of the checkpoints.
    ///   - drawSample: Draws a puzzle of each evaluation for the event file; nil for no pictures.
    ///   - shouldStop: Called after every step, and after every segment of an evaluation; returns
    ///     true to stop.
    ///   - report: Called with every event.
    /// - Returns: The outcome.
    /// - Throws: ``TrainingSessionError/diverged(step:cause:checkpoint:)`` if the guards stop the
    ///   run; ``RunFolderError``, `FileError`, `CheckpointError`, `DatasetError` or
    ///   `EvaluationError`. The last checkpoint is complete after any error.
    @discardableResult
    public func run(
        in folder: RunFolder, checkpoints: CheckpointPolicy = CheckpointPolicy(),
        drawSample: SampleDrawing? = nil, shouldStop: () -> Bool = { false },
        report: (Event) -> Void
    ) throws -> Outcome {
        try folder.whileLocked {
            var loop = try SessionLoop(
                self, folder: folder, policy: checkpoints, drawSample: drawSample)
            for checkpoint in loop.unusable {
                report(.unusableCheckpoint(step: checkpoint.step, checkpoint.error))
            }
            if isResumed { report(.resumed(after: loop.stepsBefore)) }
            return try loop.run(shouldStop: shouldStop, report: report)
        }
    }
}

/// The reason a run cannot start or be resumed.
public enum TrainingSessionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The schedule has no steps.
    case tooShort(epochs: Int, examples: Int, batchSize: Int)
    /// The time limit in seconds is shorter than the time of one step.
    case timeTooShort(seconds: Double, step: Double)
    /// The configuration enables augmentation for puzzles without symmetries.
    case noSymmetries(path: String)
    /// The training split differs from that of the first session.
    case otherData(path: String)
    /// A setting that cannot change when a run is resumed.
    case fixedSetting(key: String, value: String, was: String)
    /// The run's configuration file differs from the configuration in its newest checkpoint.
    case changedFile(path: String, key: String, value: String, was: String)
    /// The requested number of steps is smaller than the number already completed.
    case stepsBehind(Int, done: Int)
    /// The guards stopped the run; it can be resumed from a checkpoint, if there is one.
    case diverged(step: Int, cause: Divergence, checkpoint: Int?)

    /// One sentence that states the problem and the remedy.
    public var description: String {
        switch self {
        case .tooShort(let epochs, let examples, let batchSize):
            "\(epochs.counted("epoch")) of \(examples.counted("example")) "
                + "\(epochs.word("does", "do")) not fill one batch of \(batchSize); raise epochs, or "
                + "lower global_batch_size"
        case .timeTooShort(let seconds, let step):
            "a step takes about \(Self.digits(step)) s on this machine, and the training has "
                + "\(Self.digits(seconds)) s; give it at least \(Self.digits(step / 60)) minutes, or make "
                + "the model or global_batch_size smaller"
        case .noSymmetries(let path):
            "augment needs puzzles whose symmetries are known: Sudokus, mazes, or grids of which "
                + "task.json names symmetries that keep them on their canvas, and \(path) has none of "
                + "these; prepare the data again with --symmetry or --symmetry-map, or set "
                + "augment=never"
        case .otherData(let path):
            "the training split in \(path) is not the one that the run was begun with; "
                + "name its folder with --data"
        case .fixedSetting(let key, let value, let was):
            "\(key) cannot become \(value) when a run continues, since it was begun with \(was); "
                + "begin a new run"
        case .changedFile(let path, let key, let value, let was):
            "\(path) has \(key)=\(value), and the run's checkpoint was written with \(key)=\(was); "
                + "put that back, or begin a new run"
        case .stepsBehind(let steps, let done):
            "the run has made \(done.counted("step")) already, and cannot end after \(steps); ask for more steps, "
                + "or begin a new run"
        case .diverged(let step, let cause, let checkpoint):
            "step \(step): \(cause), so the run was stopped; "
                + (checkpoint.map { "it can continue from step \($0) with a lower lr" }
                    ?? "there is no checkpoint yet, begin again with a lower lr")
        }
    }
}

extension TrainingSessionError {
    /// A positive number rounded up to two digits.
    private static func digits(_ value: Double) -> String {
        guard value > 0, value.isFinite else { return "\(value)" }
        var unit = 1.0
        while value / unit >= 100 { unit *= 10 }
        while value / unit < 10 { unit /= 10 }
        let digits = (value / unit).rounded(.up)
        return unit < 1 ? "\(digits / (1 / unit).rounded())" : "\(Int(digits * unit))"
    }
}

/// The package's identification in run folders and in the command.
package enum Package {
    /// The semantic version.
    package static let version = "0.1.0"
}

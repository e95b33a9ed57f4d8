import ArgumentParser
import Foundation
import HRMData
import HRMDistributed
import HRMEngine
import HRMFiles
import HRMTensor
import HRMTraining

/// The command `hrm train`.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on a data set.",
        discussion: """
            The run folder contains the configuration (all_config.yaml), the metrics as JSON lines \
            (metrics.jsonl), a description of the run (run.json) and the weights \
            (model.safetensors; with ema=true also model_ema.safetensors; best.safetensors has \
            those of the best evaluation). Checkpoints are written during the training. Ctrl-C \
            ends the run after the current step with a checkpoint. After any interruption, a run \
            is resumed with exactly the same result:

              hrm train --resume RUN

            --from-weights continues the training of existing weights, on the same or on other \
            puzzles. If the data has other puzzle identifiers, each of them begins with the mean \
            of the old rows of the puzzle embedding; --set freeze_weights=true then trains only \
            these rows.

            Presets: \(Self.presets)
            Keys for --set: \(Self.keys); 'hrm presets' explains them.
            """)

    private static var presets: String {
        Preset.allCases.map { "\($0.rawValue), \($0.summary)" }.joined(separator: "; ") + "."
    }

    private static var keys: String {
        ConfigurationKey.all.map(\.name).joined(separator: ", ")
    }

    @Option(
        help: ArgumentHelp(
            "The data set's folder; with --resume needed only if it has moved.",
            valueName: "folder"))
    var data: String?
    @Option(help: ArgumentHelp("The run folder to write; it must not exist.", valueName: "folder"))
    var output: String?
    @Option(
        help: ArgumentHelp(
            "Resume the run in this folder. A finished run continues if --steps asks for more "
                + "steps.",
            valueName: "folder"))
    var resume: String?
    @Option(
        help: ArgumentHelp("The initial settings (default: sudoku-small).", valueName: "name"))
    var preset: Preset?
    @Option(
        help: ArgumentHelp(
            "Begin with the settings in a YAML file, such as a run's all_config.yaml.",
            valueName: "file"))
    var config: String?
    @Option(
        help: ArgumentHelp(
            "Begin with the weights of an earlier training: a file, a run folder, or the name "
                + "of a model that comes with hrm. Without --preset and --config, with its settings "
                + "as well.",
            valueName: "path"))
    var fromWeights: String?
    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Change one setting; can be repeated.", valueName: "key=value"))
    var settings: [String] = []

    @Option(help: ArgumentHelp("Passes over the training puzzles.", valueName: "n"))
    var epochs: Int?
    @Option(
        help: ArgumentHelp("Number of steps, instead of whole epochs.", valueName: "n"))
    var steps: Int?
    @Option(
        help: ArgumentHelp(
            "Train for t minutes: a few steps are timed, then as many steps as fit are made, with a "
                + "learning-rate schedule of that length. With --steps, --epochs or --resume: "
                + "end with a checkpoint after this time, if the steps are not finished before; at "
                + "least one step is made.", valueName: "t"))
    var minutes: Double?

    @Option(help: "Seed of every random choice; equal seeds give equal runs.")
    var seed: UInt64?
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var place: DeviceOptions
    @OptionGroup var checkpoints: CheckpointOptions
    @Option(
        help: ArgumentHelp(
            "Test puzzles of the evaluations during training; the last one uses all.",
            valueName: "n"))
    var evaluationLimit: Int?

    func validate() throws {
        guard preset == nil || config == nil else {
            throw ValidationError("use --preset or --config, not both")
        }
        guard steps == nil || epochs == nil else {
            throw ValidationError("use --epochs or --steps, not both")
        }
        if resume == nil {
            guard data != nil, output != nil else {
                throw ValidationError("use --data and --output, or --resume")
            }
        } else if output != nil || preset != nil || config != nil || epochs != nil || seed != nil
            || fromWeights != nil
        {
            throw ValidationError(
                "--resume continues with the run's own settings; it can be combined with --data, "
                    + "--steps, --minutes, --set, --workers and the options of checkpoints")
        }
        try SettingAssignments.require(settings)
        guard resume == nil || !setsEpochs else {
            throw ValidationError(
                "epochs cannot be set beside --resume, since the run's number of steps was fixed "
                    + "when it began; use --steps to change it")
        }
        let many = 1_000_000_000
        try epochs?.require(in: 1...many, "--epochs")
        try steps?.require(in: 1...many, "--steps")
        try evaluationLimit?.require(in: 1...many, "--evaluation-limit")
        // No machine completes a step in less time.
        if let minutes, !(minutes >= 1e-6 && minutes <= 1e6) {
            throw ValidationError(
                "--minutes is \(minutes); use a number from 0.000001 to 1000000")
        }
    }

    func run() throws {
        if let resume { return try resumeRun(in: resume) }
        try begin(in: output ?? "", data: data ?? "")
    }

    private var setsEpochs: Bool { SettingAssignments.sets("epochs", in: settings) }

    private var limits: TrainingSession.Limits {
        TrainingSession.Limits(
            steps: steps, duration: minutes.map { .seconds($0 * 60) },
            puzzlesPerEvaluation: evaluationLimit)
    }

    private func begin(in output: String, data: String) throws {
        var configuration = try makeConfiguration(data: data)
        let folder = URL(fileURLWithPath: output)
        // This is checked again when the folder is created, but here before the data are read.
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw RunFolderError.alreadyExists(path: folder.path)
        }
        let splits = try Splits(folder: URL(fileURLWithPath: data))
        configuration.takeBoard(of: splits.training.task)
        var limits = limits
        let engines = try place.sharedEngines(workers.threads)
        if let duration = limits.duration, steps == nil, epochs == nil, !setsEpochs {
            let plan = try plan(
                within: duration, configuration: configuration, splits: splits, limits: limits,
                engines: engines)
            for line in StepPlanText.lines(of: plan, within: duration.seconds) {
                Console.tell(line)
            }
            limits.steps = plan.steps
        }
        var session = try TrainingSession(
            configuration: configuration, training: splits.training, test: splits.test,
            limits: limits, workers: workers.threads)
        session.engines = engines
        try train(session, in: .new(folder), name: output, splits: splits)
    }

    /// Returns the plan for the time given by `--minutes`.
    private func plan(
        within duration: Duration, configuration: TrainingConfiguration, splits: Splits,
        limits: TrainingSession.Limits, engines: (any EngineProvider)?
    ) throws -> StepPlan {
        do {
            return try TrainingSession.plan(
                within: duration, configuration: configuration, training: splits.training,
                test: splits.test, limits: limits, workers: workers.threads,
                engines: engines)
        } catch let error as TrainingSessionError {
            guard case .timeTooShort = error else { throw error }
            throw UsageError("--minutes is \(minutes ?? 0): \(error)")
        }
    }

    private func resumeRun(in name: String) throws {
        let folder = try RunFolder.reopen(URL(fileURLWithPath: name))
        let description = try folder.description()
        var configuration = try folder.configuration()
        try SettingAssignments.apply(settings, to: &configuration) {
            if let data { $0.dataPath = data }
        }
        guard steps ?? 0 > description.totalSteps || description.state != .finished else {
            throw CommandError.runIsFinished(name: name, steps: description.totalSteps)
        }
        let splits = try Splits(folder: URL(fileURLWithPath: configuration.dataPath))
        var session = try TrainingSession(
            resuming: folder, configuration: configuration, training: splits.training,
            test: splits.test, limits: limits,
            workers: workers.chosen ?? workersForEachRank(of: description.workers))
        session.engines = try place.sharedEngines(session.workers)
        if session.engineName != description.engine {
            Console.tell(
                "the run was on \(description.engine ?? "cpu") before: what follows will differ from "
                    + "an uninterrupted run in the last digits")
        } else if session.totalWorkers != description.workers {
            Console.tell(
                "the run had \(description.workers.counted("worker")) before: what follows will differ from "
                    + "an uninterrupted run in the last digits")
        } else if KernelPath.active.name != description.kernelPath {
            Console.tell(
                "the run had \(description.kernelPath) kernels before: what follows will differ "
                    + "from an uninterrupted run in the last digits")
        }
        try train(session, in: .existing(folder), name: name, splits: splits)
    }

    /// Returns the threads of each of several processes that together are as many as before; nil for
    /// one process.
    private func workersForEachRank(of total: Int) -> Workers? {
        guard let cluster = ProcessJob.cluster else { return nil }
        return total.isMultiple(of: cluster.size)
            ? Workers(count: total / cluster.size) : workers.threads
    }

    private func train(
        _ session: TrainingSession, in place: TrainingRun.Place, name: String, splits: Splits
    ) throws {
        let run = TrainingRun(
            session: session, limits: limits, place: place, name: name,
            checkpoints: checkpoints.policy, sample: splits.test.flatMap { SampleBoard($0) })
        let outcome = try run.start {
            Console.tell(run.introduction)
            if let text = weightsText(of: session) { Console.tell(text) }
            if case .new = place {
                SettingAssignments.tell(session.doubts, unlessIn: settings)
            }
            let data = session.configuration.dataPath
            guard let test = splits.test else {
                Console.tell("\(data) has no test split: there will be no evaluation")
                return
            }
            if !test.hasCountedLabels {
                Console.tell(
                    "Note: \(data)/test: every label counts for nothing"
                        + (test.metadata.ignoredLabel.map { " (ignore_label_id is \($0))" } ?? "")
                        + ", so the accuracies of the evaluations say nothing; correct the labels or "
                        + "dataset.json")
            }
        }
        let evaluation = outcome.evaluation
        for report in evaluation?.reports ?? [] {
            try Console.print(EvaluationText.table(of: report), terminator: "")
        }
        if let reports = evaluation?.averageReports, !reports.isEmpty {
            try Console.print("\nThe average of the weights (model_ema.safetensors):")
            for report in reports {
                try Console.print(EvaluationText.table(of: report), terminator: "")
            }
        }
        try run.finish(outcome)
    }

    /// Returns the initial weights of a training run, and the trained part of them; `nil` for new
    /// weights.
    private func weightsText(of session: TrainingSession) -> String? {
        let frozen = session.configuration.freezesWeights
        guard !session.continuesCheckpoint else {
            return frozen
                ? "Weights: the run's own, of which the puzzle embedding alone learns" : nil
        }
        guard let weights = session.startingWeights else {
            return frozen ? "Weights: new ones, of which the puzzle embedding alone learns" : nil
        }
        return "Weights: those of \(weights.path)"
            + (weights.resetsPuzzleEmbedding
                ? "; the data has other puzzles, which begin with the mean of the puzzle embedding"
                : "")
            + (frozen ? "; the puzzle embedding alone learns" : "")
    }

    private func makeConfiguration(data: String) throws -> TrainingConfiguration {
        var configuration = try startingConfiguration()
        try SettingAssignments.apply(settings, to: &configuration) {
            $0.dataPath = data
            if let epochs { $0.epochs = epochs }
            if let seed { $0.seed = seed }
        }
        guard !setsEpochs || steps == nil && epochs == nil else {
            throw UsageError(
                "use --set epochs or \(steps == nil ? "--epochs" : "--steps"), not both")
        }
        return configuration
    }

    /// Returns the configuration before the changes of the command line.
    private func startingConfiguration() throws -> TrainingConfiguration {
        let weights = try fromWeights.map { name in
            try ShippedModelName.url(name)?.path ?? name
        }
        var configuration = (preset ?? .sudokuSmall).configuration
        if let config {
            let file = try ConfigurationFile(contentsOf: URL(fileURLWithPath: config))
            configuration = try file.trainable()
            for setting in file.unmet { Console.tell("\(config): \(setting)") }
        } else if preset == nil, let weights {
            guard let own = try StartingWeights(path: weights).furtherTraining else {
                throw CommandError(
                    "\(weights) does not hold the settings of its training, and there is no "
                        + "all_config.yaml beside it; name them with --config or --preset")
            }
            configuration = own
        }
        if let weights { configuration.startingWeights = weights }
        return configuration
    }
}

/// The splits of a data folder.
private struct Splits {
    let training: PuzzleDataset
    let test: PuzzleDataset?

    init(folder: URL) throws {
        training = try PuzzleDataset(folder: folder, split: "train")
        let hasTest = FileManager.default.fileExists(
            atPath: folder.appendingPathComponent("test").path)
        test = hasTest ? try PuzzleDataset(folder: folder, split: "test") : nil
    }
}

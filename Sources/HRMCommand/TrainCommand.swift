import ArgumentParser
import Foundation
import HRMData
import HRMTensor
import HRMTraining

/// The command `hrm train`.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on a data set.",
        discussion: """
            The run folder gets the configuration (all_config.yaml), the metrics as JSON lines \
            (metrics.jsonl), a description of the run (run.json) and the weights \
            (model.safetensors). Ctrl-C ends the run after the current step and saves the weights.

            Presets: \(Self.presets)
            Keys for --set: \(Self.keys); 'hrm presets' tells what they mean.
            """)

    private static var presets: String {
        Preset.allCases.map { "\($0.rawValue), \($0.summary)" }.joined(separator: "; ") + "."
    }

    private static var keys: String {
        ConfigurationKey.all.map(\.name).joined(separator: ", ")
    }

    @Option(help: ArgumentHelp("The data set's folder.", valueName: "folder"))
    var data: String
    @Option(help: ArgumentHelp("The run folder to write; it must not exist.", valueName: "folder"))
    var output: String
    @Option(
        help: ArgumentHelp("Settings to begin with; sudoku-small unless given.", valueName: "name"))
    var preset: Preset?
    @Option(
        help: ArgumentHelp(
            "Begin with the settings in a YAML file, such as a run's all_config.yaml.",
            valueName: "file"))
    var config: String?
    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Change one setting; can be given again.", valueName: "key=value"))
    var settings: [String] = []

    @Option(help: ArgumentHelp("Passes over the training puzzles.", valueName: "n"))
    var epochs: Int?
    @Option(
        help: ArgumentHelp("Steps to make, instead of whole epochs.", valueName: "n"))
    var steps: Int?
    @Option(
        help: ArgumentHelp(
            "End after this time, if the epochs are not over before.", valueName: "t"))
    var minutes: Double?

    @Option(help: "Seed of every random choice; equal seeds give equal runs.")
    var seed: UInt64?
    @OptionGroup var workers: WorkerOptions
    @Option(
        help: ArgumentHelp(
            "Test puzzles for the evaluations on the way; the last one uses all.",
            valueName: "n"))
    var evaluationLimit: Int?

    func validate() throws {
        guard preset == nil || config == nil else {
            throw ValidationError("use --preset or --config, not both")
        }
        guard [epochs != nil, steps != nil, minutes != nil].count(where: { $0 }) <= 1 else {
            throw ValidationError("use one of --epochs, --steps and --minutes")
        }
        let many = 1_000_000_000
        try epochs?.require(in: 1...many, "--epochs")
        try steps?.require(in: 1...many, "--steps")
        try evaluationLimit?.require(in: 1...many, "--evaluation-limit")
        if let minutes, !(minutes > 0 && minutes <= 1e6) {
            throw ValidationError("--minutes is \(minutes); use a number above 0, at most 1000000")
        }
    }

    func run() throws {
        let configuration = try makeConfiguration()
        let folder = URL(fileURLWithPath: output)
        // Said again when the folder is made; said here before the data are read.
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw RunFolderError.alreadyExists(path: folder.path)
        }
        let dataset = URL(fileURLWithPath: data)
        let training = try PuzzleDataset(folder: dataset, split: "train")
        let hasTest = FileManager.default.fileExists(
            atPath: dataset.appendingPathComponent("test").path)
        let test = hasTest ? try PuzzleDataset(folder: dataset, split: "test") : nil
        let limits = TrainingSession.Limits(
            steps: steps, duration: minutes.map { .seconds($0 * 60) },
            puzzlesPerEvaluation: evaluationLimit)
        let session = try TrainingSession(
            configuration: configuration, training: training, test: test, limits: limits,
            workers: workers.threads)

        let run = TrainingRun(session: session, limits: limits, folder: folder, name: output)
        let reports = try run.start {
            Console.tell(run.introduction(workers: workers.threads))
            guard test == nil else { return }
            Console.tell("\(data) has no test split: there will be no evaluation")
        }
        // A run that was ended early has no evaluation of its last weights.
        for report in reports where StopSignal.current == nil {
            try Console.print(EvaluationText.table(of: report), terminator: "")
        }
        try run.finish()
    }

    private func makeConfiguration() throws -> TrainingConfiguration {
        var configuration = (preset ?? .sudokuSmall).configuration
        if let config {
            configuration = try TrainingConfiguration(contentsOf: URL(fileURLWithPath: config))
        }
        for setting in settings { try configuration.set(setting) }
        configuration.dataPath = data
        if let epochs { configuration.epochs = epochs }
        if let seed { configuration.seed = seed }
        try configuration.validate()
        return configuration
    }
}

public import HRMFiles
public import HRMModel

/// Experiments that are to be compared under equal compute, as a file lists them.
///
/// ```yaml
/// data: data/sudoku        # the data set's folder
/// preset: trm-small        # what all settings begin with
/// budget: 1e13             # floating-point operations of each run's training
/// seeds: 3                 # how many, or a list: [0, 7]
/// evaluation:
///   points: 4              # evaluations of a run, the last one at its end
///   limit: 500             # test puzzles of each; all unless given
/// settings:                # shared by all experiments
///   global_batch_size: 64
/// experiments:
/// - name: adam
/// - name: muon
///   settings:
///     optimizer: muon
///     muon:
///       lr: 0.01
/// ```
public struct SweepFile: Sendable, Hashable {
    /// Some settings that are compared with others.
    public struct Experiment: Sendable, Hashable {
        /// What tables, figures and folders call it.
        public var name: String
        /// What it changes, each as `key=value`.
        public var settings: [String]
    }

    /// The data set's folder.
    public internal(set) var dataPath = ""
    /// What all settings begin with.
    public internal(set) var preset = Preset.sudokuSmall
    /// Floating-point operations of each run's training.
    public internal(set) var budget = 0.0
    /// One run of each experiment for each of them.
    public internal(set) var seeds: [UInt64] = [0]
    /// Evaluations of a run, the last one at its end.
    public internal(set) var evaluations = 4
    /// Test puzzles of each evaluation; nil: all.
    public internal(set) var evaluationLimit: Int?
    /// Shared settings, each as `key=value`.
    public internal(set) var settings: [String] = []
    /// The experiments, in the order of the tables.
    public internal(set) var experiments: [Experiment] = []

    /// The settings of an experiment's run.
    ///
    /// - Parameters:
    ///   - experiment: One of ``experiments``.
    ///   - seed: One of ``seeds``.
    /// - Returns: Valid settings.
    /// - Throws: `ConfigurationError` about the first setting that does not fit.
    public func configuration(
        of experiment: Experiment, seed: UInt64
    ) throws(ConfigurationError) -> TrainingConfiguration {
        var configuration = preset.configuration
        for assignment in settings + experiment.settings {
            try Self.requireFree(assignment)
            try configuration.set(assignment)
        }
        configuration.dataPath = dataPath
        configuration.seed = seed
        try configuration.validate()
        return configuration
    }

    /// Settings that follow from others of the file.
    private static let taken = [
        "data_path": "is 'data' of the file", "seed": "comes from 'seeds' of the file",
        "epochs": "follows from 'budget' of the file",
        "eval_interval": "follows from 'evaluation.points' of the file",
    ]

    private static func requireFree(_ assignment: String) throws(ConfigurationError) {
        let key = String(assignment.prefix { $0 != "=" })
        guard let setting = ConfigurationSetting.named(key), let reason = taken[setting.key]
        else { return }
        throw ConfigurationError(
            key: key, value: String(assignment.dropFirst(key.count + 1)),
            requirement: "cannot be set in a sweep: it \(reason)")
    }
}

/// Why a sweep's file cannot be used.
public enum SweepFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be read.
    case file(FileError)
    /// The file is not of the form that ``SweepFile`` tells.
    case malformed(path: String, reason: String)
    /// A setting is unknown or does not fit.
    case setting(path: String, experiment: String, ConfigurationError)
    /// The budget does not pay for one step.
    case budgetTooSmall(path: String, experiment: String, step: Double, budget: Double)
    /// The budget pays for more steps than a run can have.
    case budgetTooLarge(path: String, experiment: String, budget: Double, most: Double)

    /// One sentence: which file, what is wrong, and what would mend it.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .malformed(let path, let reason): "\(path) is not a sweep: \(reason)"
        case .setting(let path, let experiment, let error):
            "\(path), experiment '\(experiment)': \(error)"
        case .budgetTooSmall(let path, let experiment, let step, let budget):
            "\(path), experiment '\(experiment)': its first step takes \(step) operations, more than "
                + "the budget of \(budget); raise the budget, or make model or batch smaller"
        case .budgetTooLarge(let path, let experiment, let budget, let most):
            "\(path), experiment '\(experiment)': the budget of \(budget) pays for more than the "
                + "\(TrainingCost.mostSteps) steps that a run can have; use at most \(most)"
        }
    }
}

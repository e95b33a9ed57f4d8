package import HRMFiles
package import HRMModel

/// A file of experiments to be compared at equal compute.
///
/// ```yaml
/// data: data/sudoku        # the data set's folder
/// preset: trm-small        # the preset that all settings start from
/// budget: 1e13             # floating-point operations of each run's training
/// seeds: 3                 # a number of seeds, or a list: [0, 7]
/// evaluation:
///   points: 4              # evaluations per run, the last one at its end
///   limit: 500             # test puzzles per evaluation; default: all
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
package struct SweepFile: Sendable, Hashable {
    /// A variation of the settings that is compared with others.
    package struct Experiment: Sendable, Hashable {
        /// The name in tables, figures and folders.
        package var name: String
        /// The changed settings, each as `key=value`.
        package var settings: [String]
    }

    /// The data set's folder.
    package internal(set) var dataPath = ""
    /// The preset that all settings start from.
    package internal(set) var preset = Preset.sudokuSmall
    /// The floating-point operations of each run's training.
    package internal(set) var budget = 0.0
    /// The seeds; each experiment has one run per seed.
    package internal(set) var seeds: [UInt64] = [0]
    /// The number of evaluations of a run, the last one at its end.
    package internal(set) var evaluations = 4
    /// The number of test puzzles in each evaluation; nil for all.
    package internal(set) var evaluationLimit: Int?
    /// Shared settings, each as `key=value`.
    package internal(set) var settings: [String] = []
    /// The experiments, in the order of the tables.
    package internal(set) var experiments: [Experiment] = []

    /// Returns the settings of an experiment's run.
    ///
    /// - Parameters:
    ///   - experiment: One of ``experiments``.
    ///   - seed: One of ``seeds``.
    /// - Returns: Valid settings.
    /// - Throws: `ConfigurationError` about the first invalid setting.
    package func configuration(
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

    private static func requireFree(_ assignment: String) throws(ConfigurationError) {
        let key = String(assignment.prefix { $0 != "=" })
        guard let setting = TrainingSetting.named(key), let reason = setting.reasonNotInSweeps
        else { return }
        throw ConfigurationError(
            key: key, value: String(assignment.dropFirst(key.count + 1)),
            requirement: "cannot be set in a sweep: it \(reason)")
    }
}

/// The reason a sweep file cannot be used.
package enum SweepFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be read.
    case file(FileError)
    /// The file does not have the form of a ``SweepFile``.
    case malformed(path: String, reason: String)
    /// A setting is unknown or invalid.
    case setting(path: String, experiment: String, ConfigurationError)
    /// The budget is smaller than the cost of one step.
    case budgetTooSmall(path: String, experiment: String, step: Double, budget: Double)
    /// The budget allows more steps than a run can have.
    case budgetTooLarge(path: String, experiment: String, budget: Double, most: Double)

    /// One sentence that states the file, the problem and the remedy.
    package var description: String {
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

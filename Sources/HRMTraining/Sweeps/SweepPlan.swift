package import HRMData
package import HRMModel

/// A training run of a sweep: one experiment with one seed.
package struct SweepRun: Sendable, Hashable {
    /// The index of the experiment in the file.
    package let experiment: Int
    /// The experiment's name.
    package let name: String
    /// The settings, including the seed.
    package private(set) var configuration: TrainingConfiguration
    /// The number of steps within the budget.
    package let steps: Int
    /// The number of evaluations, the last one at the end of the run.
    package let evaluations: Int
    /// The number of test puzzles in each evaluation; nil for all.
    package let evaluationLimit: Int?
    /// The cost of its steps.
    package let cost: TrainingCost

    /// The name of the run's folder within the sweep's folder.
    package var folderName: String { "\(name)-seed\(configuration.seed)" }

    /// Returns the same run with a different seed.
    fileprivate func with(seed: UInt64) -> Self {
        var run = self
        run.configuration.seed = seed
        return run
    }

    /// The points at which the run ends and is evaluated.
    package var limits: TrainingSession.Limits {
        var limits = TrainingSession.Limits(
            steps: steps, puzzlesPerEvaluation: evaluationLimit)
        limits.puzzlesAtEnd = evaluationLimit
        limits.stepsPerEvaluation = (steps + evaluations - 1) / evaluations
        return limits
    }
}

/// The training runs of a sweep file on a data set.
package struct SweepPlan: Sendable {
    /// The file.
    package let file: SweepFile
    /// One run of each experiment, with the first seed.
    private let first: [SweepRun]

    /// Determines the length of each run.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - path: The file's name, for messages.
    ///   - dimensions: The dimensions that the data set determines.
    ///   - task: The task of the data, which determines the shape of boards that are not square;
    ///     nil if unknown.
    /// - Throws: ``SweepFileError`` if a setting is invalid, or the budget is too small for one
    ///   step of an experiment or exceeds the maximum length of a run.
    package init(
        _ file: SweepFile, path: String, dimensions: PuzzleDimensions, task: PuzzleTask? = nil
    ) throws(SweepFileError) {
        self.file = file
        var first: [SweepRun] = []
        for (index, experiment) in file.experiments.enumerated() {
            var configuration: TrainingConfiguration
            do throws(ConfigurationError) {
                configuration = try file.configuration(of: experiment, seed: file.seeds[0])
                configuration.takeBoard(of: task)
                try configuration.validate(for: dimensions)
                try configuration.requireMemory(for: dimensions, workers: 1)
            } catch {
                throw .setting(path: path, experiment: experiment.name, error)
            }
            let cost = TrainingCost(configuration: configuration, dimensions: dimensions)
            let steps = cost.steps(within: file.budget)
            guard steps >= 1 else {
                throw .budgetTooSmall(
                    path: path, experiment: experiment.name,
                    step: cost.operations(of: 1, outOf: 1), budget: file.budget)
            }
            guard steps <= TrainingCost.mostSteps else {
                throw .budgetTooLarge(
                    path: path, experiment: experiment.name, budget: file.budget,
                    most: cost.operations(
                        of: TrainingCost.mostSteps, outOf: TrainingCost.mostSteps))
            }
            first.append(
                SweepRun(
                    experiment: index, name: experiment.name, configuration: configuration,
                    steps: steps, evaluations: file.evaluations,
                    evaluationLimit: file.evaluationLimit, cost: cost))
        }
        self.first = first
    }

    /// All runs in order: the first seed of every experiment precedes the second of any, so that an
    /// interrupted sweep has compared all experiments.
    package var runs: Runs { Runs(first: first, seeds: file.seeds) }

    /// Returns the runs of an experiment, one per seed.
    package func runs(of experiment: Int) -> [SweepRun] {
        file.seeds.map { first[experiment].with(seed: $0) }
    }

    /// A lazy collection of the runs of a plan; a million of them use no memory.
    package struct Runs: RandomAccessCollection, Sendable {
        fileprivate let first: [SweepRun]
        fileprivate let seeds: [UInt64]

        /// The position of the first run.
        package var startIndex: Int { 0 }
        /// The position after the last run.
        package var endIndex: Int { first.count * seeds.count }

        /// The run at a position.
        package subscript(index: Int) -> SweepRun {
            first[index % first.count].with(seed: seeds[index / first.count])
        }
    }
}

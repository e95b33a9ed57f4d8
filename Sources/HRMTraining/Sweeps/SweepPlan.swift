public import HRMModel

/// A training of a sweep: one experiment with one seed.
public struct SweepRun: Sendable, Hashable {
    /// Which of the file's experiments it belongs to, from 0.
    public let experiment: Int
    /// The experiment's name.
    public let name: String
    /// Its settings, the seed among them.
    public private(set) var configuration: TrainingConfiguration
    /// Steps that the budget pays for.
    public let steps: Int
    /// Evaluations of the run, the last one at its end.
    public let evaluations: Int
    /// Test puzzles of each evaluation; nil: all.
    public let evaluationLimit: Int?
    /// What its steps cost.
    public let cost: TrainingCost

    /// The folder of the run, below that of the sweep.
    public var folderName: String { "\(name)-seed\(configuration.seed)" }

    /// The same training with another seed.
    fileprivate func with(seed: UInt64) -> Self {
        var run = self
        run.configuration.seed = seed
        return run
    }

    /// When the run ends, and when it is evaluated.
    public var limits: TrainingSession.Limits {
        var limits = TrainingSession.Limits(
            steps: steps, puzzlesPerEvaluation: evaluationLimit)
        limits.puzzlesAtEnd = evaluationLimit
        limits.stepsPerEvaluation = (steps + evaluations - 1) / evaluations
        return limits
    }
}

/// The trainings that a sweep's file asks for on a data set.
public struct SweepPlan: Sendable {
    /// The file.
    public let file: SweepFile
    /// A run of each experiment, with the first seed.
    private let first: [SweepRun]

    /// Works out how long each run is.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - path: Its name, for messages.
    ///   - dimensions: What the data set decides about the models.
    /// - Throws: ``SweepFileError`` when a setting does not fit, or the budget is too small for a
    ///   step of some experiment, or pays for more than a run can have.
    public init(
        _ file: SweepFile, path: String, dimensions: PuzzleDimensions
    ) throws(SweepFileError) {
        self.file = file
        var first: [SweepRun] = []
        for (index, experiment) in file.experiments.enumerated() {
            let configuration: TrainingConfiguration
            do throws(ConfigurationError) {
                configuration = try file.configuration(of: experiment, seed: file.seeds[0])
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

    /// All runs, in their order: the first seed of every experiment comes before the second one of
    /// any, so that a sweep which is ended early has compared all of them.
    public var runs: Runs { Runs(first: first, seeds: file.seeds) }

    /// The runs of an experiment, a seed each.
    public func runs(of experiment: Int) -> [SweepRun] {
        file.seeds.map { first[experiment].with(seed: $0) }
    }

    /// The runs of a plan, each made when it is asked for: a million of them take no memory.
    public struct Runs: RandomAccessCollection, Sendable {
        fileprivate let first: [SweepRun]
        fileprivate let seeds: [UInt64]

        /// The first run's place.
        public var startIndex: Int { 0 }
        /// The place after the last run's.
        public var endIndex: Int { first.count * seeds.count }

        /// A run.
        public subscript(index: Int) -> SweepRun {
            first[index % first.count].with(seed: seeds[index / first.count])
        }
    }
}

package import HRMModel

/// The facts about a run that its configuration does not contain; the content of `run.json`.
package struct RunDescription: Sendable, Hashable, Codable {
    /// The state of a run.
    package enum State: String, Sendable, Hashable, Codable {
        /// The run is in progress or was killed; in both cases its last checkpoint is complete.
        case running
        /// The run was stopped before its last step and can be resumed.
        case interrupted
        /// The run diverged and was stopped by its guards.
        case diverged
        /// The run completed all steps, or reached the training accuracy for early stopping.
        case finished
    }

    /// The version of this package.
    package var packageVersion: String
    /// The seed of all random choices.
    package var seed: UInt64
    /// The number of workers of all processes; together with the seed it determines every bit of the result.
    package var workers: Int
    /// The kernels used for arithmetic.
    package var kernelPath: String
    /// The devices of the engine, such as `pjrt:cuda`; nil for this machine's processors.
    package var engine: String?
    /// The data set's folder.
    package var dataPath: String
    /// The model dimensions that the data set determines.
    package var dimensions: PuzzleDimensions
    /// The fingerprint of the training split: ``HRMData/PuzzleDataset/fingerprint``.
    package var dataFingerprint: String
    /// Steps of the schedule.
    package var totalSteps: Int
    /// The number of test puzzles in intermediate evaluations; nil for all.
    package var puzzlesPerEvaluation: Int?
    /// The weights that the run started from; nil for new ones.
    package var startingWeights: StartingWeightsRecord?
    /// The state of the run.
    package var state: State
    /// The reason for the state, if it needs one.
    package var reason: String?

    /// Creates a description.
    ///
    /// - Parameters:
    ///   - packageVersion: The version of this package.
    ///   - seed: The seed of all random choices.
    ///   - workers: The number of workers.
    ///   - kernelPath: The kernels used for arithmetic.
    ///   - dataPath: The data set's folder.
    ///   - dimensions: The model dimensions that the data set determines.
    ///   - dataFingerprint: The fingerprint of the training split.
    ///   - totalSteps: The steps of the schedule.
    ///   - puzzlesPerEvaluation: The number of test puzzles in intermediate evaluations; nil for
    ///     all.
    ///   - state: The state of the run.
    package init(
        packageVersion: String, seed: UInt64, workers: Int, kernelPath: String, dataPath: String,
        dimensions: PuzzleDimensions, dataFingerprint: String, totalSteps: Int,
        puzzlesPerEvaluation: Int? = nil, state: State = .running
    ) {
        self.packageVersion = packageVersion
        self.seed = seed
        self.workers = workers
        self.kernelPath = kernelPath
        self.dataPath = dataPath
        self.dimensions = dimensions
        self.dataFingerprint = dataFingerprint
        self.totalSteps = totalSteps
        self.puzzlesPerEvaluation = puzzlesPerEvaluation
        self.state = state
    }

    /// The first impossible value, as a clause about its key; nil if all are possible.
    ///
    /// Files are untrusted, and these values determine memory use and thread counts.
    var problem: String? {
        let tokens = 1...(1 << 24)
        let counts = 1...(1 << 53)
        let numbers: [(key: String, value: Int, range: ClosedRange<Int>)] = [
            ("workers", workers, 1...(1 << 24)),
            ("dimensions.vocab_size", dimensions.vocabularySize, tokens),
            ("dimensions.seq_len", dimensions.sequenceLength, tokens),
            (
                "dimensions.num_puzzle_identifiers", dimensions.puzzleIdentifierCount,
                1...Int(Int32.max)
            ),
            ("total_steps", totalSteps, counts),
            ("evaluation_limit", puzzlesPerEvaluation ?? 1, counts),
        ]
        return numbers.first { !$0.range.contains($0.value) }.map {
            "\($0.key) is \($0.value), and only \($0.range.lowerBound) to \($0.range.upperBound) "
                + "can be"
        }
    }

    /// The maximum number of workers of one process.
    package static let mostWorkers = 1024

    enum CodingKeys: String, CodingKey {
        case packageVersion = "package_version"
        case seed
        case workers
        case kernelPath = "kernel_path"
        case engine
        case dataPath = "data_path"
        case dimensions
        case dataFingerprint = "data_fingerprint"
        case totalSteps = "total_steps"
        case puzzlesPerEvaluation = "evaluation_limit"
        case startingWeights = "starting_weights"
        case state
        case reason
    }
}

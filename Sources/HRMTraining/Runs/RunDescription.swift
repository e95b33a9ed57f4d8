public import HRMModel

/// What one needs to know about a run beside its configuration; the content of `run.json`.
public struct RunDescription: Sendable, Hashable, Codable {
    /// How far a run has come.
    public enum State: String, Sendable, Hashable, Codable {
        /// It goes on, or was killed; either way its last checkpoint is whole.
        case running
        /// It was ended before its last step, and can go on.
        case interrupted
        /// It diverged, and its guards stopped it.
        case diverged
        /// It has made all its steps, or has nothing left to learn.
        case finished
    }

    /// The version of this package.
    public var packageVersion: String
    /// What decided every random choice.
    public var seed: UInt64
    /// How many workers shared the batch; with the seed, this decides every bit of the result.
    public var workers: Int
    /// Which kernels did the arithmetic.
    public var kernelPath: String
    /// The data set's folder.
    public var dataPath: String
    /// What the data set decided about the model's shape.
    public var dimensions: PuzzleDimensions
    /// A fingerprint of the training split: ``HRMData/PuzzleDataset/fingerprint``.
    public var dataFingerprint: String
    /// Steps of the schedule.
    public var totalSteps: Int
    /// Test puzzles that the evaluations on the way use; none: all.
    public var puzzlesPerEvaluation: Int?
    /// The weights that the run began with; none: new ones.
    public var startingWeights: StartingWeights.Record?
    /// How far the run has come.
    public var state: State
    /// Why it is in this state, where that needs a word.
    public var reason: String?

    /// A description.
    ///
    /// - Parameters:
    ///   - packageVersion: The version of this package.
    ///   - seed: What decides every random choice.
    ///   - workers: How many workers share the batch.
    ///   - kernelPath: Which kernels do the arithmetic.
    ///   - dataPath: The data set's folder.
    ///   - dimensions: What the data set decides about the model's shape.
    ///   - dataFingerprint: A fingerprint of the training split.
    ///   - totalSteps: Steps of the schedule.
    ///   - puzzlesPerEvaluation: Test puzzles that the evaluations on the way use; none: all.
    ///   - state: How far the run has come.
    public init(
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

    /// The first number that no run has, as a clause about its key; nil where all are possible.
    ///
    /// A file can say anything, and these numbers decide about memory and threads.
    var problem: String? {
        let tokens = 1...(1 << 24)
        let counts = 1...(1 << 53)
        let numbers: [(key: String, value: Int, range: ClosedRange<Int>)] = [
            ("workers", workers, 1...Self.mostWorkers),
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

    /// Workers that a run can have.
    public static let mostWorkers = 1024

    enum CodingKeys: String, CodingKey {
        case packageVersion = "package_version"
        case seed
        case workers
        case kernelPath = "kernel_path"
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

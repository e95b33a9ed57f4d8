public import HRMModel

/// What one needs to know about a run beside its configuration; the content of `run.json`.
public struct RunDescription: Sendable, Hashable, Codable {
    /// How far a run has come.
    public enum State: String, Sendable, Hashable, Codable {
        /// It goes on, or was ended from outside.
        case running
        /// It was ended before its last step, and its weights were written.
        case interrupted
        /// It has made all its steps, and its weights were written.
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
    /// How far the run has come.
    public var state: State
    /// Steps of the schedule; runs of earlier versions do not say.
    public var totalSteps: Int?

    /// A description.
    ///
    /// - Parameters:
    ///   - packageVersion: The version of this package.
    ///   - seed: What decides every random choice.
    ///   - workers: How many workers share the batch.
    ///   - kernelPath: Which kernels do the arithmetic.
    ///   - dataPath: The data set's folder.
    ///   - dimensions: What the data set decides about the model's shape.
    ///   - state: How far the run has come.
    ///   - totalSteps: Steps of the schedule.
    public init(
        packageVersion: String, seed: UInt64, workers: Int, kernelPath: String, dataPath: String,
        dimensions: PuzzleDimensions, state: State = .running, totalSteps: Int? = nil
    ) {
        self.packageVersion = packageVersion
        self.seed = seed
        self.workers = workers
        self.kernelPath = kernelPath
        self.dataPath = dataPath
        self.dimensions = dimensions
        self.state = state
        self.totalSteps = totalSteps
    }

    enum CodingKeys: String, CodingKey {
        case packageVersion = "package_version"
        case seed
        case workers
        case kernelPath = "kernel_path"
        case dataPath = "data_path"
        case dimensions
        case state
        case totalSteps = "total_steps"
    }
}

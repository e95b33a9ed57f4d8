/// The options for learning one task from its own demonstrations.
public struct PerTaskOptions: Sendable, Hashable {
    /// The number of steps of the published runs.
    public static let publishedSteps = 2000

    /// The maximum number of training steps, at least 1.
    public var steps: Int
    /// The maximum time for one task; nil for no limit.
    public var duration: Duration?
    /// The number of steps without a change of the attempts that ends the learning; nil to ignore
    /// it.
    ///
    /// The first 150 steps, whose answers hardly count, are not counted.
    public var stableSteps: Int?
    /// The seed of initial weights and noise; the name of the task modifies it.
    public var seed: UInt64
    /// The rule by which two candidates become the attempts.
    public var attemptRule: AttemptRule
    /// The unit in which candidates are compared.
    public var unit: CandidateUnit
    /// The departures from the published network; none by default.
    public var changes: Set<NetworkChange>

    /// Creates options.
    ///
    /// - Parameters:
    ///   - steps: The maximum number of training steps, at least 1.
    ///   - duration: The maximum time for one task; nil for no limit.
    ///   - stableSteps: The number of steps without a change of the attempts that ends the
    ///     learning; nil to ignore it.
    ///   - seed: The seed of initial weights and noise.
    ///   - attemptRule: The rule by which two candidates become the attempts.
    ///   - unit: The unit in which candidates are compared.
    ///   - changes: The departures from the published network.
    public init(
        steps: Int = publishedSteps, duration: Duration? = nil, stableSteps: Int? = nil,
        seed: UInt64 = 0, attemptRule: AttemptRule = .largest, unit: CandidateUnit = .task,
        changes: Set<NetworkChange> = []
    ) {
        precondition(steps >= 1, "\(steps) steps, at least 1 is needed")
        self.steps = steps
        self.duration = duration
        self.stableSteps = stableSteps
        self.seed = seed
        self.attemptRule = attemptRule
        self.unit = unit
        self.changes = changes
    }
}

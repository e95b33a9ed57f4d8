/// What a run does when it goes wrong, and when it has nothing left to learn.
public struct TrainingGuards: Sendable, Hashable {
    /// What a run does that diverged.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// It ends; its last checkpoint is from before.
        case stop
        /// It goes back to its best checkpoint and on with lower learning rates.
        case restore
    }

    /// What is done about a loss or gradient that is not finite, or a collapse.
    public var action = Action.stop
    /// An evaluation counts as a collapse when its exact accuracy is surely below this share of the
    /// best one's, by the 95 % intervals of both; 0: never.
    public var collapseRatio = 0.0
    /// What the learning rates are multiplied with when a run goes back.
    public var restoreFactor = 0.5
    /// How often a run may go back before it stops after all.
    public var restoreLimit = 3
    /// The run ends when this share of the training puzzles that halt are solved, over the last
    /// thousand of them; nil: never.
    ///
    /// The authors of the model advise to stop when training accuracy comes near 100 %, since what
    /// comes after may destabilise it.
    public var earlyStopAccuracy: Double?

    /// No guard but the one against numbers that are not finite.
    public init() {}

    /// Whether an evaluation is a collapse.
    ///
    /// - Parameters:
    ///   - solved: Puzzles solved exactly.
    ///   - count: Puzzles.
    ///   - best: The best evaluation's puzzles solved, and its puzzles.
    /// - Returns: Whether chance alone is no explanation.
    func isCollapse(solved: Int, of count: Int, best: (solved: Int, count: Int)) -> Bool {
        guard collapseRatio > 0 else { return false }
        let now = ConfidenceInterval(successes: solved, of: count)
        let then = ConfidenceInterval(successes: best.solved, of: best.count)
        return now.upper < collapseRatio * then.lower
    }
}

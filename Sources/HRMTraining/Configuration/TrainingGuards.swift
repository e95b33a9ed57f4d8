import HRMInference

/// The reactions of a run to divergence and to convergence.
public struct TrainingGuards: Sendable, Hashable {
    /// The reaction to divergence.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// The run ends; its last checkpoint precedes the divergence.
        case stop
        /// The run returns to its best checkpoint and continues with lower learning rates.
        case restore
    }

    /// The reaction to a non-finite loss or gradient, or to a collapse.
    public var action = Action.stop
    /// The share of the best exact accuracy below which an evaluation counts as a collapse, if the
    /// 95 % confidence intervals confirm it; 0 disables the check.
    public var collapseRatio = 0.0
    /// The factor applied to the learning rates when a run returns to a checkpoint.
    public var restoreFactor = 0.5
    /// The maximum number of such returns before the run stops.
    public var restoreLimit = 3
    /// The share of solved puzzles, among the last thousand training puzzles that halted, at which
    /// the run ends; nil disables early stopping.
    ///
    /// The authors of the model recommend stopping when training accuracy approaches 100 %, because
    /// training may become unstable afterwards.
    public var earlyStopAccuracy: Double?

    /// Creates guards that only react to non-finite numbers.
    public init() {}

    /// Returns whether an evaluation is a collapse.
    ///
    /// - Parameters:
    ///   - solved: The number of puzzles solved exactly.
    ///   - count: The number of puzzles.
    ///   - best: Both numbers of the best evaluation.
    /// - Returns: True if the drop exceeds statistical fluctuation.
    func isCollapse(solved: Int, of count: Int, best: (solved: Int, count: Int)) -> Bool {
        guard collapseRatio > 0 else { return false }
        let now = ConfidenceInterval(successes: solved, of: count)
        let then = ConfidenceInterval(successes: best.solved, of: best.count)
        return now.upper < collapseRatio * then.lower
    }
}

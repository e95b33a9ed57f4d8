import HRMModel

/// The metric that determines the best evaluation.
public enum WatchedMetric: String, Sendable, Hashable, CaseIterable {
    /// The share of puzzles with all cells correct.
    case exactAccuracy = "exact_accuracy"
    /// The share of correct cells.
    case accuracy
    /// The token loss; lower is better.
    case tokenLoss = "lm_loss"

    /// Returns the metric's value in an evaluation.
    func value(in metrics: StepMetrics) -> Double {
        metrics.report(lossDivisor: Double(metrics.count)).first { $0.name == rawValue }?.value
            ?? .nan
    }

    /// Returns whether `value` is better than `other`; NaN is never better.
    func isBetter(_ value: Double, than other: Double) -> Bool {
        guard !value.isNaN else { return false }
        return other.isNaN || (self == .tokenLoss ? value < other : value > other)
    }
}

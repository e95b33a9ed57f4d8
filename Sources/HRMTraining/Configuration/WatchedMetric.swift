import HRMModel

/// The metric that tells which evaluation was the best.
public enum WatchedMetric: String, Sendable, Hashable, CaseIterable {
    /// The share of puzzles with every cell right.
    case exactAccuracy = "exact_accuracy"
    /// The share of cells that are right.
    case accuracy
    /// The token loss; the smaller, the better.
    case tokenLoss = "lm_loss"

    /// The metric in an evaluation.
    func value(in metrics: StepMetrics) -> Double {
        metrics.report(lossDivisor: Double(metrics.count)).first { $0.name == rawValue }?.value
            ?? .nan
    }

    /// Whether `value` is better than `other`; nothing is better than a number by not being one.
    func isBetter(_ value: Double, than other: Double) -> Bool {
        guard !value.isNaN else { return false }
        return other.isNaN || (self == .tokenLoss ? value < other : value > other)
    }
}

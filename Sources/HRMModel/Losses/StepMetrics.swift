/// The metrics of one or more steps, summed over sequences, with the reference's names.
///
/// Stored values are sums, and accuracies are shares between 0 and 1. Counts and accuracies cover
/// sequences that halted in the step and have a label; the losses cover all.
public struct StepMetrics: Sendable, Equatable {
    /// The number of scored sequences.
    public var count = 0
    /// The sum of the cell accuracies.
    public var accuracySum = 0.0
    /// The number of sequences with every cell correct.
    public var exactCount = 0
    /// The number of sequences for which `q_halt ≥ 0` coincides with exact correctness.
    public var qHaltCorrectCount = 0
    /// The sum of their segment counts.
    public var steps = 0
    /// The sum of the token losses, in nats per labelled cell.
    public var tokenLoss = 0.0
    /// The sum of the binary cross-entropies of q_halt.
    public var qHaltLoss = 0.0
    /// The sum of the binary cross-entropies of q_continue; nil if it is not trained.
    public var qContinueLoss: Double?

    /// Creates metrics without sequences.
    public init() {}

    /// The mean share of correct cells per sequence; 0 without sequences.
    public var accuracy: Double { accuracySum / Double(max(count, 1)) }
    /// The share of sequences with every cell correct; 0 without sequences.
    public var exactAccuracy: Double { share(exactCount) }
    /// The share of sequences for which `q_halt ≥ 0` coincides with exact correctness; 0 without
    /// sequences.
    public var qHaltAccuracy: Double { share(qHaltCorrectCount) }
    /// The mean number of segments per sequence; 0 without sequences.
    public var meanSteps: Double { share(steps) }

    private func share(_ part: Int) -> Double { Double(part) / Double(max(count, 1)) }

    /// Adds one sequence's results.
    package mutating func add(_ outcome: SequenceOutcome) {
        tokenLoss += outcome.loss.tokenLoss
        qHaltLoss += outcome.loss.qHaltLoss
        if outcome.targetQContinue != nil {
            qContinueLoss = (qContinueLoss ?? 0) + outcome.loss.qContinueLoss
        }
        guard outcome.hasHalted, outcome.loss.labelCount > 0 else { return }
        count += 1
        accuracySum += Double(outcome.loss.correctCount) / Double(outcome.loss.labelCount)
        exactCount += outcome.loss.isExact ? 1 : 0
        qHaltCorrectCount += (outcome.qHalt >= 0) == outcome.loss.isExact ? 1 : 0
        steps += outcome.steps
    }

    /// Adds another step's sums.
    public static func += (sum: inout StepMetrics, other: StepMetrics) {
        sum.count += other.count
        sum.accuracySum += other.accuracySum
        sum.exactCount += other.exactCount
        sum.qHaltCorrectCount += other.qHaltCorrectCount
        sum.steps += other.steps
        sum.tokenLoss += other.tokenLoss
        sum.qHaltLoss += other.qHaltLoss
        if let loss = other.qContinueLoss { sum.qContinueLoss = (sum.qContinueLoss ?? 0) + loss }
    }

    /// Returns names and values as reported by the reference: losses divided by `lossDivisor`, the
    /// rest by the number of sequences.
    ///
    /// - Parameter lossDivisor: The global batch size in training; the number of sequences in
    ///   evaluation, where 0 gives `nan`.
    /// - Returns: Names and values in a fixed order.
    public func report(lossDivisor: Double) -> [(name: String, value: Double)] {
        var report: [(String, Double)] = [
            ("count", Double(count)),
            ("accuracy", accuracy),
            ("exact_accuracy", exactAccuracy),
            ("q_halt_accuracy", qHaltAccuracy),
            ("steps", meanSteps),
            ("lm_loss", tokenLoss / lossDivisor),
            ("q_halt_loss", qHaltLoss / lossDivisor),
        ]
        if let qContinueLoss { report.append(("q_continue_loss", qContinueLoss / lossDivisor)) }
        return report
    }
}

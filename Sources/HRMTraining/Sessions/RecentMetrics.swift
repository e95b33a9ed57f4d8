package import HRMModel

/// The metrics of a run's most recent steps combined, for display: a single step covers too few
/// puzzles.
package struct RecentMetrics: Sendable {
    private let window: Int
    private let batchSize: Int
    private var last: [(metrics: StepMetrics, sequences: Int)] = []
    private var next = 0

    /// - Parameters:
    ///   - batchSize: `B`, the divisor of a step's losses.
    ///   - window: The number of steps to combine.
    /// - Precondition: Both are positive.
    package init(batchSize: Int, window: Int = 50) {
        precondition(batchSize >= 1 && window >= 1, "\(window) steps of \(batchSize) sequences")
        self.batchSize = batchSize
        self.window = window
    }

    /// Adds a step and discards the oldest one beyond the window.
    ///
    /// - Parameters:
    ///   - metrics: The metrics of the step.
    ///   - sequences: The number of sequences that learned, unless it was the whole batch.
    package mutating func add(_ metrics: StepMetrics, sequences: Int? = nil) {
        let step = (metrics, sequences ?? batchSize)
        if last.count < window {
            last.append(step)
        } else {
            last[next] = step
            next = (next + 1) % window
        }
    }

    /// The sums over the steps.
    package var total: StepMetrics { last.reduce(into: StepMetrics()) { $0 += $1.metrics } }

    /// The token loss in nats per labelled cell, averaged over the sequences of the steps.
    package var tokenLoss: Double { total.tokenLoss / sequences }

    /// The sum of both Q losses, averaged over the sequences.
    package var qLoss: Double { (total.qHaltLoss + (total.qContinueLoss ?? 0)) / sequences }

    /// The share of correctly solved puzzles among those that halted in these steps; nil if none
    /// did.
    package var exactAccuracy: Double? {
        let total = total
        return total.count > 0 ? total.exactAccuracy : nil
    }

    private var sequences: Double {
        last.isEmpty ? Double(batchSize) : Double(last.reduce(0) { $0 + $1.sequences })
    }
}

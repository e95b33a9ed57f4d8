public import HRMModel

/// The metrics of a run's last steps taken together, for whoever watches: a single step counts too
/// few puzzles to tell much.
public struct RecentMetrics: Sendable {
    private let window: Int
    private let batchSize: Int
    private var last: [(metrics: StepMetrics, sequences: Int)] = []
    private var next = 0

    /// - Parameters:
    ///   - batchSize: `B`, by which the losses of a step are divided.
    ///   - window: Steps that are taken together.
    /// - Precondition: Both are positive.
    public init(batchSize: Int, window: Int = 50) {
        precondition(batchSize >= 1 && window >= 1, "\(window) steps of \(batchSize) sequences")
        self.batchSize = batchSize
        self.window = window
    }

    /// Takes in a step, and forgets the oldest one when there are too many.
    ///
    /// - Parameters:
    ///   - metrics: The step's.
    ///   - sequences: How many sequences learned, where it was not the whole batch.
    public mutating func add(_ metrics: StepMetrics, sequences: Int? = nil) {
        let step = (metrics, sequences ?? batchSize)
        if last.count < window {
            last.append(step)
        } else {
            last[next] = step
            next = (next + 1) % window
        }
    }

    /// Sums over the steps.
    public var total: StepMetrics { last.reduce(into: StepMetrics()) { $0 += $1.metrics } }

    /// Token loss, mean over the sequences of the steps, in nats per labelled cell.
    public var tokenLoss: Double { total.tokenLoss / sequences }

    /// Losses of the two Q logits together, mean over the sequences.
    public var qLoss: Double { (total.qHaltLoss + (total.qContinueLoss ?? 0)) / sequences }

    /// The share of the puzzles that halted in these steps with every cell right; nil when none did.
    public var exactAccuracy: Double? {
        let total = total
        return total.count > 0 ? Double(total.exactAccuracy) / Double(total.count) : nil
    }

    private var sequences: Double {
        last.isEmpty ? Double(batchSize) : Double(last.reduce(0) { $0 + $1.sequences })
    }
}

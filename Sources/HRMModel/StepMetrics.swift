/// Sums over the sequences of one or more steps, under the reference's names, and how to report
/// them.
///
/// The counts cover sequences that halted in the step and have a label; the losses cover all.
public struct StepMetrics: Sendable, Equatable {
    /// Sequences that count.
    public var count = 0
    /// Σ share of cells that are right.
    public var accuracy = 0.0
    /// Sequences with every cell right.
    public var exactAccuracy = 0
    /// Sequences where `q_halt ≥ 0` agrees with being exactly right.
    public var qHaltAccuracy = 0
    /// Σ segments they were given.
    public var steps = 0
    /// Σ token loss, in nats per labelled cell.
    public var tokenLoss = 0.0
    /// Σ binary cross-entropy of q_halt.
    public var qHaltLoss = 0.0
    /// Σ binary cross-entropy of q_continue; none where it is not trained.
    public var qContinueLoss: Double?

    /// No sequences.
    public init() {}

    /// Adds one sequence's results.
    public mutating func add(_ outcome: SequenceOutcome) {
        tokenLoss += outcome.loss.tokenLoss
        qHaltLoss += outcome.loss.qHaltLoss
        if outcome.targetQContinue != nil {
            qContinueLoss = (qContinueLoss ?? 0) + outcome.loss.qContinueLoss
        }
        guard outcome.hasHalted, outcome.loss.labelCount > 0 else { return }
        count += 1
        accuracy += Double(outcome.loss.correctCount) / Double(outcome.loss.labelCount)
        exactAccuracy += outcome.loss.isExact ? 1 : 0
        qHaltAccuracy += (outcome.qHalt >= 0) == outcome.loss.isExact ? 1 : 0
        steps += outcome.steps
    }

    /// Adds another step's sums.
    public static func += (sum: inout StepMetrics, other: StepMetrics) {
        sum.count += other.count
        sum.accuracy += other.accuracy
        sum.exactAccuracy += other.exactAccuracy
        sum.qHaltAccuracy += other.qHaltAccuracy
        sum.steps += other.steps
        sum.tokenLoss += other.tokenLoss
        sum.qHaltLoss += other.qHaltLoss
        if let loss = other.qContinueLoss { sum.qContinueLoss = (sum.qContinueLoss ?? 0) + loss }
    }

    /// Names and values as the reference reports them: losses divided by `lossDivisor`, the rest by
    /// the count of sequences.
    ///
    /// - Parameter lossDivisor: The global batch size in training; the count in evaluation, where
    ///   nothing counted gives `nan`.
    /// - Returns: In a fixed order.
    public func report(lossDivisor: Double) -> [(name: String, value: Double)] {
        let divisor = Double(max(count, 1))
        var report: [(String, Double)] = [
            ("count", Double(count)),
            ("accuracy", accuracy / divisor),
            ("exact_accuracy", Double(exactAccuracy) / divisor),
            ("q_halt_accuracy", Double(qHaltAccuracy) / divisor),
            ("steps", Double(steps) / divisor),
            ("lm_loss", tokenLoss / lossDivisor),
            ("q_halt_loss", qHaltLoss / lossDivisor),
        ]
        if let qContinueLoss { report.append(("q_continue_loss", qContinueLoss / lossDivisor)) }
        return report
    }
}

/// Everything one step found out about one sequence.
public struct SequenceOutcome: Sendable, Equatable {
    /// Row of the batch.
    public var row: Int
    /// The loss head's results.
    public var loss: SequenceLoss
    /// Logit of "halt now".
    public var qHalt: Float
    /// Logit of "go on".
    public var qContinue: Float
    /// The target of q_continue; nil where it is not trained.
    public var targetQContinue: Double?
    /// The Q logits one segment later, behind the target; none where there is no target.
    public var next: Next?
    /// Segments given so far, this one included.
    public var steps: Int
    /// Indicates whether the sequence ended with this step.
    public var hasHalted: Bool

    /// Q logits of the segment after this one.
    public struct Next: Sendable, Equatable {
        /// Logit of "halt".
        public var qHalt: Float
        /// Logit of "go on".
        public var qContinue: Float
    }
}

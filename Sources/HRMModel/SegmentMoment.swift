public import HRMTensor

/// Looks on while a segment runs: it is shown the moment before the first module application, and
/// the moment after each.
///
/// Workers call it from their own threads, each for its own slots, those of one micro-batch in the
/// order of time.
public typealias SegmentObserver = @Sendable (SegmentMoment) -> Void

/// The state of the model at one moment of a segment.
///
/// The states are the engine's own: they may be read until the observer returns, and must not be
/// written.
public struct SegmentMoment: Sendable {
    /// Module applications of this segment that have run; 0 before the first.
    public let applications: Int
    /// The state that the last of them replaced; nil before the first.
    public let updates: ModuleApplication.Update?
    /// The slots of the batch that the states belong to, `n` of them.
    public let slots: Range<Int>
    /// `z_H`, `[n·T, D]`.
    public let high: Matrix
    /// `z_L`, `[n·T, D]`; of no meaning in a model without a fast state.
    public let low: Matrix
    private let model: HierarchicalReasoningModel
    private let scratch: Scratch

    init(
        applications: Int, updates: ModuleApplication.Update?, slots: Range<Int>, states: States,
        model: HierarchicalReasoningModel, scratch: Scratch
    ) {
        self.applications = applications
        self.updates = updates
        self.slots = slots
        high = states.high
        low = states.low
        self.model = model
        self.scratch = scratch
    }

    /// Reads both heads off the slow state as it is now; after the last application that is what the
    /// segment itself reads, bit for bit.
    ///
    /// - Returns: Logits `[n·T, V]`, of which the first `P` rows of each sequence mean nothing, and Q
    ///   logits `[n, 2]`: halt, continue.
    public func readHeads() -> (logits: Matrix, qLogits: Matrix) {
        let logits = Matrix(rows: high.rows, columns: model.dimensions.vocabularySize)
        let qLogits = Matrix(rows: slots.count, columns: 2)
        model.heads.forward(
            high: high, positions: model.positionCount, parameters: model.parameters,
            logits: logits, qLogits: qLogits, scratch: scratch)
        return (logits, qLogits)
    }
}

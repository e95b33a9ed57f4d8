package import HRMModel
package import HRMTensor

/// A closure that observes a running segment: it is called before the first module application and
/// after each.
///
/// Workers call it concurrently from their own threads, each for its own slots; the calls for one
/// micro-batch are in chronological order.
package typealias SegmentObserver = @Sendable (SegmentMoment) -> Void

/// The state of the model at one moment of a segment.
///
/// The states belong to the engine: they are valid until the observer returns, and must not be
/// modified.
package struct SegmentMoment: Sendable {
    /// The number of completed module applications of this segment; 0 before the first.
    package let applications: Int
    /// The update made by the last of them; nil before the first.
    package let updates: ModuleApplication.Update?
    /// The slots of the batch that the states belong to, `n` of them.
    package let slots: Range<Int>
    /// `z_H`, `[n·T, D]`.
    package let high: Matrix
    /// `z_L`, `[n·T, D]`; meaningless in a model without a fast state.
    package let low: Matrix
    private let heads: @Sendable () -> (logits: Matrix, qLogits: Matrix)

    /// Creates a moment.
    ///
    /// - Parameters:
    ///   - applications: The number of completed module applications of this segment.
    ///   - updates: The update made by the last of them; nil before the first.
    ///   - slots: The slots that the states belong to.
    ///   - high: `z_H`.
    ///   - low: `z_L`.
    ///   - heads: Computes both heads.
    package init(
        applications: Int, updates: ModuleApplication.Update?, slots: Range<Int>, high: Matrix,
        low: Matrix, heads: @escaping @Sendable () -> (logits: Matrix, qLogits: Matrix)
    ) {
        self.applications = applications
        self.updates = updates
        self.slots = slots
        self.high = high
        self.low = low
        self.heads = heads
    }

    /// Computes both heads from the current slow state; after the last application the result is
    /// bitwise equal to the segment's own.
    ///
    /// - Returns: Logits `[n·T, V]`, of which the first `P` rows of each sequence are meaningless,
    ///   and Q logits `[n, 2]`: halt, continue.
    package func readHeads() -> (logits: Matrix, qLogits: Matrix) { heads() }
}

/// The place of an engine's workers among the workers of all processes that share a training.
package struct WorkerPlace: Sendable, Hashable {
    /// The number of workers in the processes before this one.
    package let first: Int
    /// The number of workers in all processes.
    package let total: Int

    /// Creates a place.
    ///
    /// - Precondition: `0 ≤ first < total`.
    package init(first: Int, total: Int) {
        precondition(first >= 0 && first < total, "worker \(first) of \(total)")
        self.first = first
        self.total = total
    }
}

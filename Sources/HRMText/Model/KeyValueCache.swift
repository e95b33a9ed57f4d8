package import HRMTensor

/// The keys and values of past tokens: a slot for each block of each stack pass.
///
/// Slot `(cycle · (L + 1) + pass) · n + block` has the keys after rotation, and the values, of all
/// rows of a batch and all heads, shape `[B·A·capacity, D]`. The system provides memory on first
/// use, so that a cache takes as much as its sequences need.
package struct KeyValueCache: Sendable {
    /// The keys of each slot.
    private let keys: [Matrix]
    /// The values of each slot.
    private let values: [Matrix]
    private let headCount: Int
    /// The largest number of tokens of a row.
    package let capacity: Int

    /// Creates a cache.
    ///
    /// - Parameters:
    ///   - configuration: The extents.
    ///   - slotCount: The number of slots; one slot suffices for a single call, since blocks run
    ///     one after the other.
    ///   - batch: The number of rows.
    ///   - capacity: The largest number of tokens of a row.
    ///   - precision: The number format.
    package init(
        _ configuration: TextConfiguration, slotCount: Int, batch: Int, capacity: Int,
        precision: Precision
    ) {
        precondition(
            slotCount >= 1 && batch >= 1 && capacity >= 1 && capacity < 1 << 31,
            "a cache of \(batch) rows of \(capacity) tokens")
        let rows = batch * configuration.headCount * capacity
        func matrices() -> [Matrix] {
            (0..<slotCount).map { _ in
                Matrix(rows: rows, columns: configuration.headSize, precision: precision)
            }
        }
        keys = matrices()
        values = matrices()
        headCount = configuration.headCount
        self.capacity = capacity
    }

    /// The bytes of one token of one row in all slots.
    package static func byteCountPerToken(
        _ configuration: TextConfiguration, precision: Precision
    ) -> Int {
        configuration.cacheSlotCount * 2 * configuration.headCount * configuration.headSize
            * precision.byteCount
    }

    /// Returns the keys and values of a range of a row's tokens, each of shape `[tokens, D]`.
    package func tokens(
        _ range: Range<Int>, row: Int, head: Int, slot: Int
    ) -> (keys: Matrix, values: Matrix) {
        let slot = slot % keys.count
        let first = (row * headCount + head) * capacity
        let range = (first + range.lowerBound)..<(first + range.upperBound)
        return (keys[slot].rows(range), values[slot].rows(range))
    }
}

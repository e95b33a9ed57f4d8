import HRMTensor

/// Sequences in progress: the key-value cache of a batch, and its prefill and decode steps.
///
/// A row of the batch holds one sequence. Rows are independent: each has its own length, so there
/// is no padding, and a row gives the same numbers as in a session of its own up to rounding. Not
/// thread-safe; sessions may share a model.
package final class TextSession {
    /// The model.
    package let model: TextModel
    /// The largest number of tokens of a row.
    package var capacity: Int { cache.capacity }
    /// The number of tokens in the cache, for each row of the batch; 0 for a free row.
    package private(set) var lengths: [Int]
    /// The rows with a sequence, in increasing order: those that ``decode(_:)`` extends.
    package var activeRows: [Int] { lengths.indices.filter { lengths[$0] > 0 } }
    /// Receives the activations at each moment of each call.
    package var observer: ((ForwardMoment, ForwardMemory) -> Void)?

    /// The keys and values of all rows.
    package let cache: KeyValueCache
    private let pool: WorkerPool
    private let rotary: RotaryEmbedding
    /// The activations of decode steps, by their number of rows.
    private var memories: [Int: ForwardMemory] = [:]

    /// Creates a session without sequences.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - capacity: The largest number of tokens of a row; memory is used as rows grow.
    ///   - batch: The number of rows.
    package init(model: TextModel, capacity: Int, batch: Int = 1) {
        precondition(
            capacity <= TextRow.positionLimit,
            "a context of \(capacity), at most \(TextRow.positionLimit) is possible")
        self.model = model
        lengths = [Int](repeating: 0, count: batch)
        pool = WorkerPool(workers: model.workers)
        rotary = model.configuration.rotary(positions: capacity)
        cache = KeyValueCache(
            model.configuration, slotCount: model.configuration.cacheSlotCount, batch: batch,
            capacity: capacity, precision: model.precision)
    }

    /// Ends all sequences, and starts one in each of the first rows of the batch.
    ///
    /// - Parameter rows: At most as many as the batch has rows. The types of a row have effect.
    /// - Returns: The logits of the last position of each row.
    /// - Throws: ``TextSessionError``; the session is then unchanged.
    package func prefill(_ rows: [TextRow]) throws(TextSessionError) -> [[Float]] {
        precondition(
            rows.count <= lengths.count, "\(rows.count) rows for a batch of \(lengths.count)")
        for row in rows { try check(row, length: 0) }
        for row in lengths.indices { lengths[row] = 0 }
        return run(rows.enumerated().map { (row: $0.offset, content: $0.element) })
    }

    /// Appends one token to each active row.
    ///
    /// - Parameter ids: A token for each of ``activeRows``, in their order.
    /// - Returns: The logits that follow each token, in the same order.
    /// - Throws: ``TextSessionError``; the session is then unchanged.
    package func decode(_ ids: [Int32]) throws(TextSessionError) -> [[Float]] {
        let rows = activeRows
        precondition(ids.count == rows.count, "\(ids.count) tokens for \(rows.count) active rows")
        let parts = zip(rows, ids).map { (row: $0, content: TextRow(ids: [$1])) }
        for part in parts { try check(part.content, length: lengths[part.row]) }
        return run(parts)
    }

    /// Appends several tokens to a row; they are causal, as all tokens after the first call.
    ///
    /// - Parameters:
    ///   - row: An active row.
    ///   - ids: The tokens.
    /// - Returns: The logits of the last of them.
    /// - Throws: ``TextSessionError``; the session is then unchanged.
    package func extend(_ row: Int, with ids: [Int32]) throws(TextSessionError) -> [Float] {
        precondition(lengths[row] > 0, "row \(row) has no sequence")
        let content = TextRow(ids: ids)
        try check(content, length: lengths[row])
        return run([(row, content)])[0]
    }

    /// Ends the sequence of a row and frees the row.
    package func finish(_ row: Int) { lengths[row] = 0 }

    /// Starts another sequence in a row; its former one ends.
    ///
    /// - Parameters:
    ///   - row: A row of the batch.
    ///   - content: The tokens, whose types have effect.
    /// - Returns: The logits of the last position.
    /// - Throws: ``TextSessionError``; the session is then unchanged.
    package func refill(
        _ row: Int, with content: TextRow
    ) throws(TextSessionError) -> [Float] {
        try check(content, length: 0)
        lengths[row] = 0
        return run([(row, content)])[0]
    }

    /// Shortens a row to its first tokens.
    package func truncate(_ row: Int, to length: Int) {
        precondition(length >= 0, "\(length) tokens")
        lengths[row] = min(lengths[row], length)
    }

    private func check(_ content: TextRow, length: Int) throws(TextSessionError) {
        precondition(
            content.positions == nil && content.mask == nil,
            "a row with positions or padding in a session")
        try content.check(vocabularySize: model.configuration.vocabularySize)
        let needed = length + content.ids.count
        guard needed <= capacity else {
            throw .contextExceeded(needed: needed, capacity: capacity)
        }
    }

    /// Runs the model on new tokens of some rows; returns the logits of each row's last.
    private func run(_ parts: [(row: Int, content: TextRow)]) -> [[Float]] {
        guard !parts.isEmpty else { return [] }
        var segments: [ForwardSegment] = []
        var ids: [Int32] = []
        for (row, content) in parts {
            let (start, count) = (lengths[row], content.ids.count)
            segments.append(
                ForwardSegment(
                    rows: ids.count..<(ids.count + count), cacheRow: row, start: start,
                    positions: Array(start..<(start + count)),
                    visibility: start == 0
                        ? content.visibility(
                            hasPrefixAttention: model.configuration.hasPrefixAttention)
                        : .causal(count: count, keyCount: start + count)))
            ids += content.ids
            lengths[row] += count
        }
        let memory = memory(rows: ids.count)
        ForwardPass(
            model: model, pool: pool, rotary: rotary, cache: cache, memory: memory,
            segments: segments, observer: observer
        ).run(ids)
        return OutputHead.logits(
            model, states: memory.high, rows: segments.map { $0.rows.upperBound - 1 }, pool: pool)
    }

    /// Returns memory for activations; that of decode steps is kept.
    private func memory(rows: Int) -> ForwardMemory {
        if let memory = memories[rows] { return memory }
        let memory = ForwardMemory(
            model.configuration, rows: rows, precision: model.precision, workerCount: pool.count)
        if memory.isFew { memories[rows] = memory }
        return memory
    }
}

package import HRMTensor

/// Sequences in progress: the key-value cache of a batch, and its prefill and decode steps.
///
/// A row of the batch holds one sequence. Rows are independent: each has its own length, so there
/// is no padding, and a row gives the same numbers as in a session of its own. Not thread-safe; the
/// model may be shared by sessions.
package final class TextSession {
    /// The model.
    package let model: TextModel
    /// The largest number of tokens of a row.
    package let capacity: Int
    /// The number of tokens in the cache, for each row of the batch; 0 for a free row.
    package private(set) var lengths: [Int]
    /// The rows with a sequence, in increasing order: those that ``decode(_:)`` extends.
    package var activeRows: [Int] { lengths.indices.filter { lengths[$0] > 0 } }

    /// Creates a session without sequences.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - capacity: The largest number of tokens of a row; memory is used as rows grow.
    ///   - batch: The number of rows.
    package init(model: TextModel, capacity: Int, batch: Int = 1) {
        self.model = model
        self.capacity = capacity
        lengths = [Int](repeating: 0, count: batch)
    }

    /// Ends all sequences, and starts one in each of the first rows of the batch.
    ///
    /// - Parameter rows: At most as many as the batch has rows. The types of a row have effect.
    /// - Returns: The logits of the last position of each row.
    /// - Throws: ``TextSessionError``; the session is then unchanged.
    package func prefill(_ rows: [TextRow]) throws(TextSessionError) -> [[Float]] { [] }

    /// Appends one token to each active row.
    ///
    /// - Parameter ids: A token for each of ``activeRows``, in their order.
    /// - Returns: The logits that follow each token, in the same order.
    /// - Throws: ``TextSessionError``; the session is then unchanged.
    package func decode(_ ids: [Int32]) throws(TextSessionError) -> [[Float]] { [] }

    /// Appends several tokens to a row; they are causal, as all tokens after the first call.
    ///
    /// - Parameters:
    ///   - row: An active row.
    ///   - ids: The tokens.
    /// - Returns: The logits of the last of them.
    /// - Throws: ``TextSessionError``; the session is then unchanged.
    package func extend(_ row: Int, with ids: [Int32]) throws(TextSessionError) -> [Float] { [] }

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
    ) throws(TextSessionError) -> [Float] { [] }

    /// Shortens a row to its first tokens.
    package func truncate(_ row: Int, to length: Int) { lengths[row] = min(lengths[row], length) }
}

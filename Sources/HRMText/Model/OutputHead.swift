package import HRMTensor

/// The logits of some rows of the slow state.
enum OutputHead {
    /// Computes logits.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - states: Shape `[R, C]`, float32.
    ///   - rows: The rows whose logits are needed.
    ///   - pool: The workers.
    /// - Returns: For each of the rows, a logit for each token of the vocabulary.
    static func logits(
        _ model: TextModel, states: Matrix, rows: [Int], pool: WorkerPool
    ) -> [[Float]] {
        var result: [[Float]] = []
        result.reserveCapacity(rows.count)
        // Large vocabularies: a few rows at a time, so that memory is bounded.
        let block = 64
        for first in stride(from: 0, to: rows.count, by: block) {
            let part = rows[first..<min(first + block, rows.count)]
            let input = Matrix.activations(
                rows: part.count, columns: states.columns, precision: model.precision)
            for (index, row) in part.enumerated() {
                input.rows(index..<(index + 1)).assign(states.rows(row..<(row + 1)))
            }
            let head = model.weights.head
            let output = Matrix(rows: part.count, columns: head.outputs)
            pool.share(head.outputs, inStepsOf: 64) { range, scratch in
                head.multiply(input, outputs: range, into: output, scratch: scratch)
            }
            for index in 0..<part.count { result.append(output.rows(index..<(index + 1)).values) }
        }
        return result
    }
}

extension TextModel {
    /// Returns the logits of rows of a state, which tells the next token at any moment of a pass.
    ///
    /// - Parameters:
    ///   - states: Shape `[R, C]`, float32, as ``ForwardMemory/high`` and ``ForwardMemory/low``.
    ///   - rows: The rows whose logits are needed.
    ///   - pool: The workers.
    /// - Returns: For each of the rows, a logit for each token of the vocabulary.
    package func logits(ofStates states: Matrix, rows: [Int], pool: WorkerPool) -> [[Float]] {
        OutputHead.logits(self, states: states, rows: rows, pool: pool)
    }
}

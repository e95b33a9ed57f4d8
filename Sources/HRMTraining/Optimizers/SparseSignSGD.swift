public import HRMTensor

/// The puzzle embedding's optimizer: sign descent with decoupled weight decay, on the rows in the
/// batch alone.
///
/// ```
/// row ← row · (1 − lr·wd) − lr · sign(Σ g)
/// ```
/// where the sum runs over all occurrences of the row in the batch, and `sign(0) = 0`. Rows that
/// are absent do not decay.
public struct SparseSignSGD: Sendable {
    /// Decoupled weight decay, as a fraction of the learning rate.
    public var weightDecay: Double

    /// An optimizer; it has no state.
    public init(weightDecay: Double) {
        self.weightDecay = weightDecay
    }

    /// One update.
    ///
    /// - Parameters:
    ///   - table: The embedding, `[identifiers, E]`, float32.
    ///   - identifiers: The rows looked up in the batch, `[B]`; may repeat.
    ///   - gradients: Gradient of each looked-up row, `[B, at least E]`, float32.
    ///   - learningRate: The rate of this step.
    public func update(
        _ table: Matrix, identifiers: [Int32], gradients: Matrix, learningRate: Double
    ) {
        precondition(
            gradients.rows == identifiers.count && gradients.columns >= table.columns,
            "gradients \(gradients.shapeDescription) of \(identifiers.count) rows of "
                + table.shapeDescription)
        let decay = Float(1 - learningRate * weightDecay)
        let rate = Float(learningRate)
        let occurrences = Dictionary(grouping: identifiers.indices) { identifiers[$0] }
        // The order in which rows are visited does not matter: each is changed once.
        for (identifier, places) in occurrences {
            let row = table.rows(Int(identifier)..<(Int(identifier) + 1))
            var sum = [Float](repeating: 0, count: table.columns)
            for place in places {
                let gradient = gradients.rows(place..<(place + 1)).values
                for column in sum.indices { sum[column] += gradient[column] }
            }
            row.assign(
                zip(row.values, sum).map { value, gradient in
                    let sign: Float = gradient > 0 ? 1 : (gradient < 0 ? -1 : 0)
                    return value * decay - rate * sign
                })
        }
    }
}

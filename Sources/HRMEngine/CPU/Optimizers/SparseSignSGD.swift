import HRMTensor

/// The puzzle embedding's optimizer: sign descent with decoupled weight decay, applied only to the
/// rows in the batch.
///
/// ```
/// row ← row · (1 − lr·wd) − lr · sign(Σ g)
/// ```
/// The sum is over all occurrences of the row in the batch, and `sign(0) = 0`. Absent rows do not
/// decay.
struct SparseSignSGD: Sendable {
    /// Decoupled weight decay, as a fraction of the learning rate.
    var weightDecay: Double

    /// Creates an optimizer; it has no state.
    init(weightDecay: Double) {
        self.weightDecay = weightDecay
    }

    /// Updates the rows in the batch.
    ///
    /// - Parameters:
    ///   - table: The embedding, `[identifiers, E]`, float32.
    ///   - identifiers: The rows looked up in the batch, `[B]`; may repeat.
    ///   - gradients: The gradient of each looked-up row, `[B, at least E]`, float32.
    ///   - learningRate: The learning rate of this step.
    func update(
        _ table: Matrix, identifiers: [Int32], gradients: Matrix, learningRate: Double
    ) {
        precondition(
            gradients.rows == identifiers.count && gradients.columns >= table.columns,
            "gradients \(gradients.shapeDescription) of \(identifiers.count) rows of "
                + table.shapeDescription)
        let decay = Float(1 - learningRate * weightDecay)
        let rate = Float(learningRate)
        // Occurrences of a row are adjacent, in the order of summation.
        let places = identifiers.indices.sorted {
            (identifiers[$0], $0) < (identifiers[$1], $1)
        }
        var sum = [Float](repeating: 0, count: table.columns)
        for (index, place) in places.enumerated() {
            let identifier = identifiers[place]
            let isFirst = index == 0 || identifiers[places[index - 1]] != identifier
            gradients.rows(place..<(place + 1)).withValues { gradient in
                for column in sum.indices {
                    sum[column] = isFirst ? gradient[column] : sum[column] + gradient[column]
                }
            }
            let isLast = index + 1 == places.count || identifiers[places[index + 1]] != identifier
            guard isLast else { continue }
            table.rows(Int(identifier)..<(Int(identifier) + 1)).withMutableValues { row in
                for column in sum.indices {
                    let sign: Float = sum[column] > 0 ? 1 : (sum[column] < 0 ? -1 : 0)
                    row[column] = row[column] * decay - rate * sign
                }
            }
        }
    }
}

import Foundation
import HRMTensor

/// Cross entropy of logits.
enum CrossEntropy {
    /// Replaces one row of logits by the gradient of its loss.
    ///
    /// - Parameters:
    ///   - logits: Shape `[1, V]`, float32.
    ///   - target: The right token.
    ///   - share: The factor of the gradient, 1 / number of targets.
    /// - Returns: The loss in nats, and true if no other token has a larger logit.
    static func differentiate(
        _ logits: Matrix, target: Int, share: Float
    ) -> (loss: Float, isRight: Bool) {
        logits.withMutableValues { values in
            var best = 0
            for index in values.indices where values[index] > values[best] { best = index }
            let top = values[best]
            let right = values[target]
            var total = 0.0
            for index in values.indices {
                let weight = exp(values[index] - top)
                values[index] = weight
                total += Double(weight)
            }
            let scale = Float(Double(share) / total)
            for index in values.indices { values[index] *= scale }
            values[target] -= share
            return (Float(log(total)) + top - right, best == target)
        }
    }
}

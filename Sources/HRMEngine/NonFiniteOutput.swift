import HRMModel
import HRMTensor

/// The error for logits that are not finite, so that they contain no answer.
public struct NonFiniteOutput: Error, Equatable, Sendable {
    /// The largest magnitude among the weights; not finite if a weight is not.
    public var largestWeight: Float

    /// Creates an error about a model.
    ///
    /// - Parameter largestWeight: The largest magnitude among its weights.
    public init(largestWeight: Float) {
        self.largestWeight = largestWeight
    }
}

extension NonFiniteOutput: CustomStringConvertible {
    /// One sentence that states the problem, the likely cause and the remedy.
    public var description: String {
        let cause =
            if !largestWeight.isFinite {
                "some of its weights are not finite either"
            } else if largestWeight > Self.suspicious {
                "its weights are too large, up to \(largestWeight)"
            } else {
                "its weights let the numbers grow too large on the way"
            }
        return
            "the model's results are not finite (infinite, or not a number), so there is no answer "
            + "in them: \(cause); use another checkpoint, or train it anew with a smaller learning rate"
    }

    /// A magnitude that the weights of a working model never reach.
    private static let suspicious: Float = 1e6
}

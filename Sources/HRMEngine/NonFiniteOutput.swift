import HRMModel
import HRMTensor

/// Logits of a model that are infinite or not a number, so that no answer can be read off them.
public struct NonFiniteOutput: Error, Equatable, Sendable {
    /// The largest magnitude among the weights; not finite where one of them is not.
    public var largestWeight: Float

    /// An error about a model.
    ///
    /// - Parameter largestWeight: The largest magnitude among its weights.
    public init(largestWeight: Float) {
        self.largestWeight = largestWeight
    }
}

extension NonFiniteOutput: CustomStringConvertible {
    /// One sentence: what is wrong, the likely cause, and how to mend it.
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

    /// Weights of a model that computes anything are far below.
    private static let suspicious: Float = 1e6
}

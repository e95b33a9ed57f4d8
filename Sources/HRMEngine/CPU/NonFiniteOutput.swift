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

extension ReasoningEngine {
    /// True if all logits of a slot's cells, and its Q logits, are finite after the last step.
    public func isFinite(slot: Int) -> Bool {
        guard outputs.qLogits[slot, 0].isFinite, outputs.qLogits[slot, 1].isFinite else {
            return false
        }
        let first = model.firstLogit(of: slot)
        let count = model.dimensions.sequenceLength * model.dimensions.vocabularySize
        return outputs.logits.withValues { logits in
            (first..<(first + count)).allSatisfy { logits[$0].isFinite }
        }
    }

    /// Refuses the results of the last step where they are no numbers.
    ///
    /// - Parameter count: How many slots are asked for, the first ones.
    /// - Throws: ``NonFiniteOutput`` when a logit of one of them is infinite or not a number.
    public func requireFinite(first count: Int) throws(NonFiniteOutput) {
        guard (0..<count).allSatisfy(isFinite) else { throw nonFiniteOutput }
    }

    /// The error about results that are no numbers.
    public var nonFiniteOutput: NonFiniteOutput {
        let matrices = [
            model.parameters, model.highInitial, model.lowInitial, model.puzzleEmbedding,
        ]
        let largest = matrices.compactMap(\.self).flatMap(\.values).reduce(Float(0)) {
            most, weight in
            // A weight that is not a number must not get lost in a comparison.
            weight.isNaN ? .infinity : max(most, weight.magnitude)
        }
        return NonFiniteOutput(largestWeight: largest)
    }
}

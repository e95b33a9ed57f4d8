import Foundation

/// Linear warm-up, then a fall from the base rate to a share of it: along half a cosine, or along a
/// straight line at the very end.
///
/// With `t` the step, `w` the warm-up, `n` the total and `r` the minimum ratio:
/// `base · t / max(1, w)` for `t < w`, then
/// `base · (r + max(0, (1 − r) · ½ · (1 + cos(π · (t − w) / max(1, n − w)))))`.
/// The formula is the reference's, beyond the last step too, where the cosine rises again.
///
/// The other shape, warm-up–stable–decay ([Hu et al., 2024](https://arxiv.org/abs/2404.06395)), stays
/// at the base rate after the warm-up and falls in the last `d · n` steps, `d` the decay's share:
/// `base · (r + (1 − r) · min(1, max(0, n − t) / (d · n)))`. Before the fall a run does not depend on
/// its length, so one checkpoint can be led to several ends.
public struct LearningRateSchedule: Sendable, Hashable {
    /// The rate at the end of the warm-up.
    public var base: Double
    /// Steps of the warm-up; 0: none.
    public var warmupSteps: Int
    /// Steps of the whole run.
    public var totalSteps: Int
    /// The share of the base rate at which the run ends; 1: constant after the warm-up.
    public var minimumRatio: Double
    /// How the rate falls.
    public var shape: Shape
    /// The share of all steps in which a rate falls that stays before.
    public var decayShare: Double

    /// How a rate falls after the warm-up.
    public enum Shape: String, Sendable, Hashable, CaseIterable {
        /// Along half a cosine, from the warm-up to the end.
        case cosine
        /// Warm-up–stable–decay: not at all, then along a straight line.
        case stable = "wsd"
    }

    /// A schedule.
    ///
    /// - Parameters:
    ///   - base: The rate at the end of the warm-up.
    ///   - warmupSteps: Steps of the warm-up; 0: none.
    ///   - totalSteps: Steps of the whole run.
    ///   - minimumRatio: The share of the base rate at which the run ends; 1: constant.
    ///   - shape: How the rate falls.
    ///   - decayShare: The share of all steps in which it falls along a line, above 0.
    public init(
        base: Double, warmupSteps: Int, totalSteps: Int, minimumRatio: Double,
        shape: Shape = .cosine, decayShare: Double = 0.2
    ) {
        self.base = base
        self.warmupSteps = warmupSteps
        self.totalSteps = totalSteps
        self.minimumRatio = minimumRatio
        self.shape = shape
        self.decayShare = decayShare
    }

    /// The rate of one step.
    ///
    /// - Parameter step: The number of the step; the first of a run is 1.
    /// - Returns: The rate.
    public func rate(at step: Int) -> Double {
        guard step >= warmupSteps else {
            return base * Double(step) / Double(max(1, warmupSteps))
        }
        guard shape == .cosine else {
            let left = Double(max(0, totalSteps - step)) / (decayShare * Double(max(1, totalSteps)))
            return base * (minimumRatio + (1 - minimumRatio) * min(1, left))
        }
        let progress = Double(step - warmupSteps) / Double(max(1, totalSteps - warmupSteps))
        let decayed = (1 - minimumRatio) * 0.5 * (1 + cos(Double.pi * progress))
        return base * (minimumRatio + max(0, decayed))
    }
}

import Foundation

/// Linear warm-up, then a decay from the base rate to a fraction of it: along half a cosine, or
/// linearly at the end.
///
/// With `t` the step, `w` the warm-up steps, `n` the total steps and `r` the minimum ratio:
/// `base · t / max(1, w)` for `t < w`, then
/// `base · (r + max(0, (1 − r) · ½ · (1 + cos(π · (t − w) / max(1, n − w)))))`. This is the
/// reference's formula, also beyond the last step, where the cosine rises again.
///
/// The other shape, warm-up–stable–decay ([Hu et al., 2024](https://arxiv.org/abs/2404.06395)),
/// stays at the base rate after warm-up and decays over the last `d · n` steps, with `d` the decay
/// share: `base · (r + (1 − r) · min(1, max(0, n − t) / (d · n)))`. Until the decay, a run does not
/// depend on its total length, so one checkpoint can be finished at several lengths.
public struct LearningRateSchedule: Sendable, Hashable {
    /// The learning rate at the end of the warm-up.
    public var base: Double
    /// The steps of the warm-up; 0 for none.
    public var warmupSteps: Int
    /// The steps of the whole run.
    public var totalSteps: Int
    /// The final learning rate as a fraction of the base rate; 1 keeps it constant after warm-up.
    public var minimumRatio: Double
    /// The shape of the decay.
    public var shape: Shape
    /// The share of all steps over which ``Shape/stable`` decays.
    public var decayShare: Double

    /// The shape of the decay after warm-up.
    public enum Shape: String, Sendable, Hashable, CaseIterable {
        /// Half a cosine, from the warm-up to the end.
        case cosine
        /// Warm-up–stable–decay: constant, then linear.
        case stable = "wsd"
    }

    /// Creates a schedule.
    ///
    /// - Parameters:
    ///   - base: The learning rate at the end of the warm-up.
    ///   - warmupSteps: The steps of the warm-up; 0 for none.
    ///   - totalSteps: The steps of the whole run.
    ///   - minimumRatio: The final learning rate as a fraction of the base rate; 1 for constant.
    ///   - shape: The shape of the decay.
    ///   - decayShare: The share of all steps over which ``Shape/stable`` decays, above 0.
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

    /// Returns the learning rate of a step.
    ///
    /// - Parameter step: The number of the step; the first of a run is 1.
    /// - Returns: The learning rate.
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

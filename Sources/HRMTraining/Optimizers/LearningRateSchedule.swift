import Foundation

/// Linear warm-up, then half a cosine from the base rate down to a share of it.
///
/// With `t` the step, `w` the warm-up, `n` the total and `r` the minimum ratio:
/// `base · t / max(1, w)` for `t < w`, then
/// `base · (r + max(0, (1 − r) · ½ · (1 + cos(π · (t − w) / max(1, n − w)))))`.
/// The formula is the reference's, beyond the last step too, where the cosine rises again.
public struct LearningRateSchedule: Sendable, Hashable {
    /// The rate at the end of the warm-up.
    public var base: Double
    /// Steps of the warm-up; 0: none.
    public var warmupSteps: Int
    /// Steps of the whole run.
    public var totalSteps: Int
    /// The share of the base rate at which the run ends; 1: constant after the warm-up.
    public var minimumRatio: Double

    /// A schedule.
    ///
    /// - Parameters:
    ///   - base: The rate at the end of the warm-up.
    ///   - warmupSteps: Steps of the warm-up; 0: none.
    ///   - totalSteps: Steps of the whole run.
    ///   - minimumRatio: The share of the base rate at which the run ends; 1: constant.
    public init(base: Double, warmupSteps: Int, totalSteps: Int, minimumRatio: Double) {
        self.base = base
        self.warmupSteps = warmupSteps
        self.totalSteps = totalSteps
        self.minimumRatio = minimumRatio
    }

    /// The rate of one step.
    ///
    /// - Parameter step: The number of the step; the first of a run is 1.
    /// - Returns: The rate.
    public func rate(at step: Int) -> Double {
        guard step >= warmupSteps else {
            return base * Double(step) / Double(max(1, warmupSteps))
        }
        let progress = Double(step - warmupSteps) / Double(max(1, totalSteps - warmupSteps))
        let decayed = (1 - minimumRatio) * 0.5 * (1 + cos(Double.pi * progress))
        return base * (minimumRatio + max(0, decayed))
    }
}

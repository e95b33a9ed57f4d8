/// The share `μ` that the exponential moving average of the weights keeps at each step.
///
/// ```
/// average ← (1 − μ) · parameter + μ · average
/// ```
/// The average starts at the initial weights, of which a share `μᵗ` remains after step `t`: 67 %
/// after 40 steps with 0.99. With warm-up, `min(μ, (1 + t) / (10 + t))` replaces `μ`: the average
/// then covers about the last tenth of the steps, until that exceeds `1 / (1 − μ)` steps.
package struct AverageSchedule: Sendable, Hashable {
    /// `μ`, at least 0 and below 1.
    package var rate: Double
    /// True if the share is smaller in the first steps.
    package var warmsUp: Bool

    /// Creates a schedule.
    package init(rate: Double, warmsUp: Bool = false) {
        self.rate = rate
        self.warmsUp = warmsUp
    }

    /// Returns the share kept at a step; it depends only on the step's number.
    ///
    /// - Parameter step: The number of the step; the first of a run is 1.
    /// - Returns: `μ`, or less during warm-up.
    package func rate(at step: Int) -> Double {
        warmsUp ? min(rate, Double(1 + step) / Double(10 + step)) : rate
    }
}

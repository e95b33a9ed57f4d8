/// A confidence interval for a proportion estimated from a sample.
public struct ConfidenceInterval: Sendable, Equatable {
    /// Lower end, `0 ... 1`.
    public var lower: Double
    /// Upper end, `0 ... 1`.
    public var upper: Double

    /// Creates Wilson's score interval for `successes` out of `count`, which remains accurate near
    /// 0 and 1 (Wilson, 1927).
    ///
    /// - Parameters:
    ///   - successes: The number of successes.
    ///   - count: The number of trials.
    ///   - z: The standard normal quantile; 1.96 for 95 %.
    /// - Precondition: `0 ≤ successes ≤ count`.
    public init(successes: Int, of count: Int, z: Double = 1.959964) {
        precondition((0...max(count, 0)).contains(successes), "\(successes) of \(count)")
        guard count > 0 else {
            (lower, upper) = (0, 1)
            return
        }
        let n = Double(count)
        let share = Double(successes) / n
        let center = (share + z * z / (2 * n)) / (1 + z * z / n)
        let variance = share * (1 - share) / n + z * z / (4 * n * n)
        let half = z / (1 + z * z / n) * variance.squareRoot()
        // Exact at both ends, without rounding errors.
        lower = successes == 0 ? 0 : max(0, center - half)
        upper = successes == count ? 1 : min(1, center + half)
    }
}

import Foundation

/// Sums of exponentials in the logarithmic domain, in nats.
enum LogSum {
    /// Returns `log(exp(a) + exp(b))` without overflow; −∞ is the logarithm of an empty sum.
    static func add(_ a: Double, _ b: Double) -> Double {
        let high = max(a, b)
        guard high > -.infinity else { return high }
        return high + log1p(exp(min(a, b) - high))
    }

    /// Returns the logarithm of the sum of exponentials of some values.
    static func of(_ values: some Sequence<Double>) -> Double {
        values.reduce(-.infinity) { add($0, $1) }
    }
}

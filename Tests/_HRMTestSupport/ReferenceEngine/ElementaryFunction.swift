#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A function of one number with its derivative.
public struct ElementaryFunction: Sendable {
    /// The function.
    public let value: @Sendable (Double) -> Double
    /// Its derivative.
    public let derivative: @Sendable (Double) -> Double

    /// `eˣ`.
    public static let exponential = ElementaryFunction(value: { exp($0) }, derivative: { exp($0) })

    /// `log x`.
    public static let logarithm = ElementaryFunction(
        value: { log($0) }, derivative: { 1 / $0 })

    /// `1 / x`.
    public static let reciprocal = ElementaryFunction(
        value: { 1 / $0 }, derivative: { -1 / ($0 * $0) })

    /// `1 / √x`.
    public static let inverseRoot = ElementaryFunction(
        value: { 1 / $0.squareRoot() }, derivative: { -0.5 / ($0 * $0.squareRoot()) })

    /// `x · σ(x)`, the sigmoid linear unit.
    public static let silu = ElementaryFunction(
        value: { $0 * sigmoid($0) },
        derivative: { sigmoid($0) + $0 * sigmoid($0) * (1 - sigmoid($0)) })

    /// `log(1 + eˣ)`.
    public static let softplus = ElementaryFunction(
        value: { max($0, 0) + log1p(exp(-abs($0))) }, derivative: { sigmoid($0) })

    /// Stablemax's substitute for `eˣ`: `x + 1` for `x ≥ 0`, `1 / (1 − x)` below.
    public static let stable = ElementaryFunction(
        value: { $0 >= 0 ? $0 + 1 : 1 / (1 - $0) },
        derivative: { $0 >= 0 ? 1 : 1 / ((1 - $0) * (1 - $0)) })

    /// `σ(x) = 1 / (1 + e⁻ˣ)`.
    public static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}

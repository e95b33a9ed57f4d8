#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A normal distribution cut off on both sides whose *truncated* standard deviation is the wanted
/// one (the convention of JAX; PyTorch's own initialiser comes out narrower).
///
/// With `φ` the standard normal density, `a = erf(lower/√2)`, `b = erf(upper/√2)`, `z = (b−a)/2`:
/// `c = std / √(1 − (upper·φ(upper) − lower·φ(lower))/z − ((φ(lower) − φ(upper))/z)²)`;
/// a uniform `u` in `(a, b)` becomes `clip(erfinv(u) · √2 · c, lower·c, upper·c)`.
public struct TruncatedNormal: Sendable {
    /// The wanted standard deviation.
    public let standardDeviation: Double
    /// The cuts, in units of the compensated deviation.
    public let cuts: ClosedRange<Double>
    /// `c`, the deviation of the normal that is cut.
    public let compensatedDeviation: Double
    /// Where the uniform numbers lie.
    public let uniformRange: ClosedRange<Double>

    /// - Precondition: The lower cut is below the upper.
    public init(standardDeviation: Double, cuts: ClosedRange<Double> = -2...2) {
        precondition(cuts.lowerBound < cuts.upperBound, "cuts \(cuts)")
        self.standardDeviation = standardDeviation
        self.cuts = cuts
        let (lower, upper) = (cuts.lowerBound, cuts.upperBound)
        let a = erf(lower / 2.0.squareRoot()), b = erf(upper / 2.0.squareRoot())
        let z = (b - a) / 2
        func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }
        let spread = (upper * density(upper) - lower * density(lower)) / z
        let shift = (density(lower) - density(upper)) / z
        compensatedDeviation = standardDeviation / (1 - spread - shift * shift).squareRoot()
        uniformRange = a...b
    }

    /// The value that a uniform number of ``uniformRange`` becomes, in float64.
    public func value(ofUniform u: Double) -> Double {
        let c = compensatedDeviation
        let value = inverseErrorFunction(u) * 2.0.squareRoot() * c
        return min(max(value, cuts.lowerBound * c), cuts.upperBound * c)
    }

    /// The same in one of the engine's precisions.
    ///
    /// In bfloat16 every step is rounded, as the
    /// reference does where it draws in that format: values are coarse, and the largest can reach
    /// the rounded bound.
    public func value(ofUniform u: Float, precision: Precision) -> Float {
        guard precision == .bfloat16 else { return Float(value(ofUniform: Double(u))) }
        func rounded(_ x: Double) -> Float { precision.rounded(Float(x)) }
        let scale = 2.0.squareRoot() * compensatedDeviation
        let value = rounded(Double(rounded(inverseErrorFunction(Double(u)))) * scale)
        let lower = rounded(cuts.lowerBound * compensatedDeviation)
        return min(max(value, lower), rounded(cuts.upperBound * compensatedDeviation))
    }

    /// The next value in the given precision.
    public func next(
        using generator: inout SeededGenerator, precision: Precision = .float32
    ) -> Float {
        let (a, b) = (uniformRange.lowerBound, uniformRange.upperBound)
        let u = a + (b - a) * generator.nextUnitDouble()
        return value(ofUniform: precision.rounded(Float(u)), precision: precision)
    }
}

/// `erf⁻¹`, by two steps of Halley's method from a first guess.
func inverseErrorFunction(_ y: Double) -> Double {
    guard abs(y) < 1 else { return y == 1 ? .infinity : (y == -1 ? -.infinity : .nan) }
    // Winitzki's approximation, good to 2e-3; each step triples the digits.
    let logarithm = log((1 - y) * (1 + y))
    let t = 2 / (Double.pi * 0.147) + logarithm / 2
    var x = (-t + (t * t - logarithm / 0.147).squareRoot()).squareRoot()
    if y < 0 { x = -x }
    for _ in 0..<2 {
        let error = (erf(x) - y) * Double.pi.squareRoot() / 2 * exp(x * x)
        x -= error / (1 + x * error)
    }
    return x
}

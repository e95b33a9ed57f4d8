#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A normal distribution truncated on both sides so that the standard deviation *after* truncation
/// is the given one (the convention of JAX; PyTorch's own initializer gives a smaller deviation).
///
/// With `φ` the standard normal density, `a = erf(lower/√2)`, `b = erf(upper/√2)`, `z = (b−a)/2`:
/// `c = std / √(1 − (upper·φ(upper) − lower·φ(lower))/z − ((φ(lower) − φ(upper))/z)²)`;
/// a uniform `u` in `(a, b)` becomes `clip(erfinv(u) · √2 · c, lower·c, upper·c)`.
package struct TruncatedNormal: Sendable {
    /// The standard deviation after truncation.
    package let standardDeviation: Double
    /// The truncation bounds, in units of the compensated deviation.
    package let cuts: ClosedRange<Double>
    /// `c`, the standard deviation before truncation.
    package let compensatedDeviation: Double
    /// The range of the uniform numbers.
    package let uniformRange: ClosedRange<Double>

    /// - Precondition: The lower bound is below the upper.
    package init(standardDeviation: Double, cuts: ClosedRange<Double> = -2...2) {
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

    /// Returns the value for a uniform number in ``uniformRange``, in float64.
    package func value(ofUniform u: Double) -> Double {
        let c = compensatedDeviation
        let value = inverseErrorFunction(u) * 2.0.squareRoot() * c
        return min(max(value, cuts.lowerBound * c), cuts.upperBound * c)
    }

    /// Returns the value for a uniform number in one of the engine's precisions.
    ///
    /// In bfloat16 every operation is rounded, as in the reference's bfloat16 initialization:
    /// values are coarse, and the largest can reach the rounded bound.
    package func value(ofUniform u: Float, precision: Precision) -> Float {
        guard precision == .bfloat16 else { return Float(value(ofUniform: Double(u))) }
        func rounded(_ x: Double) -> Float { precision.rounded(Float(x)) }
        let scale = 2.0.squareRoot() * compensatedDeviation
        let value = rounded(Double(rounded(inverseErrorFunction(Double(u)))) * scale)
        let lower = rounded(cuts.lowerBound * compensatedDeviation)
        return min(max(value, lower), rounded(cuts.upperBound * compensatedDeviation))
    }

    /// Returns a random value in the given precision.
    package func next(
        using generator: inout SeededGenerator, precision: Precision = .float32
    ) -> Float {
        let (a, b) = (uniformRange.lowerBound, uniformRange.upperBound)
        let u = a + (b - a) * generator.nextUnitDouble()
        return value(ofUniform: precision.rounded(Float(u)), precision: precision)
    }
}

/// Returns `erf⁻¹(y)`, by two steps of Halley's method from an initial approximation.
func inverseErrorFunction(_ y: Double) -> Double {
    guard abs(y) < 1 else { return y == 1 ? .infinity : (y == -1 ? -.infinity : .nan) }
    // Winitzki's approximation, accurate to 2e-3; each step triples the number of digits.
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

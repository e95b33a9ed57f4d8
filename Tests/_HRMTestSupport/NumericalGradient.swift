/// Returns the gradient of a scalar function by central differences, one component at a time.
///
/// - Parameters:
///   - x: The point.
///   - step: Half the distance between the two points.
///   - loss: The function, summed in float64, because rounding would dominate the difference
///     otherwise.
/// - Returns: The gradient, as long as `x`.
public func numericalGradient(
    at x: [Float], step: Float = 1e-2, of loss: ([Float]) -> Double
) -> [Float] {
    x.indices.map { index in
        var plus = x
        var minus = x
        plus[index] += step
        minus[index] -= step
        return Float((loss(plus) - loss(minus)) / Double(plus[index] - minus[index]))
    }
}

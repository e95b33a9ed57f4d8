/// Returns the derivative at 0 of a scalar function of one number, by central differences of fourth
/// order.
///
/// With step `h` the error of the formula is `h⁴ · f⁗′ / 30`; a function computed in float32 adds
/// about `2 · ε · |f| / h`, so a step of a few hundredths suits functions of unit scale.
public func centralDifference(step: Float, of function: (Float) -> Double) -> Double {
    let h = Double(step)
    return (8 * (function(step) - function(-step)) - (function(2 * step) - function(-2 * step)))
        / (12 * h)
}

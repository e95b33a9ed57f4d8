#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Attention of the positions of one sequence to each other.
struct ReferenceAttention {
    /// `nH`, the number of heads.
    let headCount: Int
    /// The base of the rotary angles; nil without rotation.
    let theta: Double?

    /// Computes the attention of `x`, `[T, D]`.
    ///
    /// - Parameters:
    ///   - x: The positions.
    ///   - weight: Queries, then keys, then values, each by head: `[3·D, D]`.
    ///   - output: `[D, D]`.
    /// - Returns: `[T, D]`.
    func callAsFunction(_ x: Variable, queriesKeysValues weight: Variable, output: Variable)
        -> Variable
    {
        let width = x.columns
        let size = width / headCount
        let projected = x.timesTransposed(weight)
        let heads = (0..<headCount).map { head in
            func part(_ kind: Int) -> Variable {
                let first = kind * width + head * size
                return projected.columns(first..<(first + size))
            }
            let (queries, keys, values) = (rotated(part(0)), rotated(part(1)), part(2))
            let scores = (1 / Double(size).squareRoot()) * queries.timesTransposed(keys)
            return scores.softmax.timesTransposed(values.transposed)
        }
        return Variable.joined(heads).timesTransposed(output)
    }

    /// `x ∘ cos + (−x₂ | x₁) ∘ sin` with angles `t·θ^(−2i/d)`, for the queries or keys of a head,
    /// `[T, d]`.
    private func rotated(_ x: Variable) -> Variable {
        guard let theta else { return x }
        let half = x.columns / 2
        func table(_ function: (Double) -> Double) -> Variable {
            let values = (0..<x.rows).flatMap { position in
                (0..<x.columns).map { column in
                    let frequency = pow(theta, -2 * Double(column % half) / Double(x.columns))
                    return function(Double(position) * frequency)
                }
            }
            return Variable(PlainMatrix(values, rows: x.rows, columns: x.columns))
        }
        let turned = Variable.joined([
            -1 * x.columns(half..<x.columns), x.columns(0..<half),
        ])
        return x * table(cos) + turned * table(sin)
    }
}

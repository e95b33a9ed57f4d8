extension Variable {
    /// `x / √(mean(x²) + ε)` of each row.
    func rootMeanSquareNormalized(epsilon: Double) -> Variable {
        let meanSquare = (1 / Double(columns)) * (self * self).rowSums
        let inverse = (meanSquare + epsilon).applying(.inverseRoot)
        return self * inverse.spread(columns: columns)
    }

    /// `eˣ / Σ eˣ` of each row.
    var softmax: Variable {
        let powers = (self - highest.spread(columns: columns)).applying(.exponential)
        return powers * powers.rowSums.applying(.reciprocal).spread(columns: columns)
    }

    /// The largest element of each row, `[rows, 1]`, as a constant; it only prevents overflow.
    var highest: Variable {
        let largest = (0..<rows).map { row in
            (0..<columns).map { value[row, $0] }.max() ?? 0
        }
        return Variable(PlainMatrix(largest, rows: rows, columns: 1))
    }

    /// `W_d·(silu(gate) ∘ up)` with `[gate | up] = W_gu·x`, of each row `x`.
    func swiGLU(gateUp: Variable, down: Variable) -> Variable {
        let inner = down.columns
        let product = timesTransposed(gateUp)
        let gate = product.columns(0..<inner)
        let up = product.columns(inner..<(2 * inner))
        return (gate.applying(.silu) * up).timesTransposed(down)
    }
}

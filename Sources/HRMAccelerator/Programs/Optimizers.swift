internal import HRMModel

/// The updates of the weights, for each tensor.
struct Optimizers {
    let builder: GraphBuilder
    let description: OptimizerDescription
    /// `[8]`, see ``UpdateRate``.
    let rates: Expression
    /// A scalar: false if nothing may change, since a loss or gradient is not finite.
    let isValid: Expression

    init(
        _ builder: GraphBuilder, _ description: OptimizerDescription, isValid: Expression? = nil
    ) {
        self.builder = builder
        self.description = description
        self.isValid = isValid ?? builder.constant(1, [], .bool)
        rates = builder.argument(
            TensorName.rates, BufferType([UpdateRate.allCases.count]))
    }

    /// A rate, repeated to a shape; if the update is not valid, the one that changes nothing.
    func rate(_ rate: UpdateRate, _ shape: [Int]) -> Expression {
        let own = rates.sliced(rate.rawValue..<(rate.rawValue + 1), axis: 0).reshaped([])
        switch rate {
        case .secondScale: return own.broadcast(to: shape, axes: [])
        case .decay, .puzzleDecay, .muonDecay: return gated(own, otherwise: 1, shape)
        case .step, .puzzleStep, .muonStep, .averageShare:
            return gated(own, otherwise: 0, shape)
        }
    }

    /// A number, or another one if the update is not valid, repeated to a shape.
    private func gated(_ value: Expression, otherwise: Double, _ shape: [Int]) -> Expression {
        isValid.select(value, value.like(otherwise)).broadcast(to: shape, axes: [])
    }

    /// The gradient, or zeros if the update is not valid.
    private func gated(_ gradient: Expression) -> Expression {
        isValid.broadcast(to: gradient.shape, axes: []).select(gradient, gradient.like(0))
    }

    /// `m ← m + (1−β1)(g − m)`, `v ← v + (1−β2)(g² − v)`,
    /// `p ← p·(1 − lr·wd) − lr/(1−β1ᵗ) · atan2(m, √v / √(1−β2ᵗ))`.
    func adamATan2(
        _ p: Expression, gradient g: Expression, first m: Expression, second v: Expression
    ) -> (weight: Expression, first: Expression, second: Expression) {
        let g = gated(g)
        func share(_ beta: Double) -> Expression {
            gated(builder.constant(1 - beta), otherwise: 0, p.shape)
        }
        let first = m + (g - m) * share(description.beta1)
        let second = v + (g * g - v) * share(description.beta2)
        let angle = first.angle(over: second.squareRoot / rate(.secondScale, p.shape))
        let weight = p * rate(.decay, p.shape) - rate(.step, p.shape) * angle
        return (weight, first, second)
    }

    /// Muon's update of a tensor of several matrices, one below the other:
    /// `m ← μ·m + (1−μ)·g`, `u ← μ·m + (1−μ)·g`,
    /// `W ← (1 − lr·wd)·W − lr·√max(1, r/c)·NewtonSchulz(u)`.
    func muon(
        _ weight: Expression, gradient: Expression, momentum: Expression, matrices: Int,
        settings: MuonSettings
    ) -> (weight: Expression, momentum: Expression) {
        let (rows, columns) = (weight.shape[0] / matrices, weight.shape[1])
        let gradient = gated(gradient)
        func factor(_ value: Double, otherwise: Double) -> Expression {
            gated(builder.constant(value), otherwise: otherwise, momentum.shape)
        }
        let share = factor(1 - settings.momentum, otherwise: 0)
        let momentum =
            momentum * factor(settings.momentum, otherwise: 1) + gradient * share
        let direction = momentum * settings.momentum + gradient * (1 - settings.momentum)
        let orthogonal = NewtonSchulzGraph.orthogonalized(
            direction.reshaped([matrices, rows, columns]), iterations: settings.iterations
        ).reshaped(weight.shape)
        let factor = max(1, Double(rows) / Double(columns)).squareRoot()
        let step = rate(.muonStep, weight.shape) * factor
        return (weight * rate(.muonDecay, weight.shape) - step * orthogonal, momentum)
    }

    /// `(1 − μ)·p + μ·average`.
    func average(_ average: Expression, of weight: Expression) -> Expression {
        average + rate(.averageShare, weight.shape) * (weight - average)
    }

    /// Sign descent on the rows in the batch: `row·(1 − lr·wd) − lr·sign(Σ g)`, with the sum over
    /// all occurrences of a row.
    ///
    /// - Parameters:
    ///   - table: `[n, E]`.
    ///   - identifiers: `[B]`.
    ///   - learns: `[B]`: the sequences that learn; others are neither summed nor updated.
    ///   - gradients: `[B, E]`.
    /// - Returns: The table.
    func signDescent(
        _ table: Expression, identifiers: Expression, learns: Expression, gradients: Expression
    ) -> Expression {
        let count = identifiers.shape[0]
        let square = [count, count]
        let isSame = identifiers.broadcast(to: square, axes: [0]).compared(
            .equal, identifiers.broadcast(to: square, axes: [1]))
        let gradients = gated(gradients)
        let counts = (isSame & learns.broadcast(to: square, axes: [1])).converted(to: .float32)
        let sums = counts.dot(
            gradients, GraphOperation.DotAxes(leftSummed: [1], rightSummed: [0]))
        let rows =
            table.rows(at: identifiers) * rate(.puzzleDecay, sums.shape)
            - rate(.puzzleStep, sums.shape) * sums.sign
        // Equal identifiers have equal rows; those of sequences that do not learn are outside.
        let places = learns.select(identifiers, identifiers.like(Double(table.shape[0])))
        return table.replacingRows(at: places, with: rows)
    }
}

/// Approximate orthogonalization, see `NewtonSchulz` of `HRMTensor`.
enum NewtonSchulzGraph {
    /// Returns matrices with singular values of about 1, `[n, r, c]`.
    static func orthogonalized(_ matrices: Expression, iterations: Int) -> Expression {
        let isTransposed = matrices.shape[1] > matrices.shape[2]
        var x = isTransposed ? matrices.transposed([0, 2, 1]) : matrices
        // Divided by the largest element first, so that no square underflows.
        func wide(_ value: Expression) -> Expression { value.broadcast(to: x.shape, axes: [0]) }
        let largest = x.magnitude.maximum(over: [1, 2])
        let isZero = largest.compared(.less, 1e-30)
        x = x / wide(isZero.select(largest.like(1), largest))
        let norm = (x * x).sum(over: [1, 2]).squareRoot
        let inverse = isZero.select(norm.like(0), norm.like(1) / isZero.select(norm.like(1), norm))
        x = x * wide(inverse)
        for _ in 0..<iterations {
            let gram = x.dot(
                x,
                GraphOperation.DotAxes(
                    leftShared: [0], rightShared: [0], leftSummed: [2], rightSummed: [2]))
            let square = gram.times(gram)
            x = x * 3.4445 + (gram * -4.7750 + square * 2.0315).times(x)
        }
        return isTransposed ? x.transposed([0, 2, 1]) : x
    }
}

extension Expression {
    /// The product of each pair of matrices, `[n, r, k] · [n, k, c]`.
    fileprivate func times(_ other: Expression) -> Expression {
        dot(
            other,
            GraphOperation.DotAxes(
                leftShared: [0], rightShared: [0], leftSummed: [2], rightSummed: [1]))
    }
}

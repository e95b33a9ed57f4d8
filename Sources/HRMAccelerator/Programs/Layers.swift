internal import HRMModel

/// The layers of a model, each described once; gradients come from differentiating the result.
///
/// Activations are stored in the forward precision, and everything between two products is
/// computed in float32.
struct Layers {
    let builder: GraphBuilder
    let shape: ModelShape
    let weights: ModelWeights
    let rotary: Rotation?
    let pooling: Pooling?

    init(_ builder: GraphBuilder, shape: ModelShape) {
        self.builder = builder
        self.shape = shape
        weights = ModelWeights(builder, layout: shape.layout, precision: shape.precision)
        rotary = Rotation(builder, shape: shape)
        pooling = Pooling(builder, shape: shape)
    }

    var configuration: HRMConfiguration { shape.configuration }

    /// Rounds to the forward precision.
    func stored(_ x: Expression) -> Expression { x.converted(to: shape.precision) }

    /// `y = x·Wᵀ` over the last axis.
    func linear(_ x: Expression, _ weight: Expression) -> Expression {
        let (inputs, rows) = (x.shape[x.type.rank - 1], x.shape.dropLast().reduce(1, *))
        let product = x.reshaped([rows, inputs]).dot(
            stored(weight), GraphOperation.DotAxes(leftSummed: [1], rightSummed: [1]))
        return product.reshaped(x.shape.dropLast() + [weight.shape[0]])
    }

    /// `x / √(mean(x²) + ε)` over the last axis, rounded.
    func norm(_ x: Expression) -> Expression {
        let last = x.type.rank - 1
        let mean = (x * x).sum(over: [last]) / Double(x.shape[last])
        let inverse = (mean + configuration.normEpsilon).inverseSquareRoot
        return stored(x * inverse.broadcast(to: x.shape, axes: Array(0..<last)))
    }

    /// `norm(x + y)`.
    func residualNorm(_ x: Expression, _ y: Expression) -> Expression {
        norm(x.converted(to: .float32) + y.converted(to: .float32))
    }

    /// `silu(gate) · up` of `[gate | up]` along the last axis, rounded.
    func gated(_ gateUp: Expression) -> Expression {
        let last = gateUp.type.rank - 1
        let inner = gateUp.shape[last] / 2
        let wide = gateUp.converted(to: .float32)
        let gate = wide.sliced(0..<inner, axis: last)
        return stored(gate * gate.logistic * wide.sliced(inner..<(2 * inner), axis: last))
    }

    /// `down(silu(gate) · up)`.
    func swiGLU(_ x: Expression, prefix: String) -> Expression {
        linear(
            gated(linear(x, weights[prefix + "gate_up_proj.weight"])),
            weights[prefix + "down_proj.weight"])
    }

    /// One post-norm block on `[B, T, D]`.
    func block(_ x: Expression, prefix: String) -> Expression {
        let h: Expression
        switch configuration.mixerKind {
        case .attention: h = residualNorm(x, attention(x, prefix: prefix + "self_attn."))
        case .tokenMixing:
            let y = x.transposed([0, 2, 1])
            h = residualNorm(y, swiGLU(y, prefix: prefix + "mlp_t.")).transposed([0, 2, 1])
        case nil: h = x
        }
        if let pooling { return pooledBlock(h, pooling, prefix: prefix + "mlp.") }
        return residualNorm(h, swiGLU(h, prefix: prefix + "mlp."))
    }

    /// Attention of all positions to all, without a mask.
    private func attention(_ x: Expression, prefix: String) -> Expression {
        let (b, t, heads, d) = (
            x.shape[0], x.shape[1], configuration.headCount, configuration.headSize
        )
        let qkv = linear(x, weights[prefix + "qkv_proj.weight"]).reshaped([b, t, 3, heads, d])
        func part(_ index: Int) -> Expression {
            qkv.sliced(index..<(index + 1), axis: 2).reshaped([b, t, heads, d])
        }
        let (q, k) = (rotated(part(0)), rotated(part(1)))
        let scores = q.dot(
            k,
            GraphOperation.DotAxes(
                leftShared: [0, 2], rightShared: [0, 2], leftSummed: [3], rightSummed: [3]),
            as: .float32)
        let shares = stored(softmax(scores * (1 / Double(d).squareRoot())))
        let mixed = shares.dot(
            part(2),
            GraphOperation.DotAxes(
                leftShared: [0, 1], rightShared: [0, 2], leftSummed: [3], rightSummed: [1]))
        return linear(
            mixed.transposed([0, 2, 1, 3]).reshaped([b, t, heads * d]),
            weights[prefix + "o_proj.weight"])
    }

    private func rotated(_ x: Expression) -> Expression {
        rotary.map { stored($0.applied(to: x.converted(to: .float32))) } ?? x
    }

    /// `eˣ / Σ eˣ` over the last axis.
    private func softmax(_ x: Expression) -> Expression {
        let last = x.type.rank - 1
        func wide(_ value: Expression) -> Expression {
            value.broadcast(to: x.shape, axes: Array(0..<last))
        }
        let powers = (x - wide(x.stopped.maximum(over: [last]))).exponential
        return powers / wide(powers.sum(over: [last]))
    }
}

/// Rotary position embedding in the half-split form.
struct Rotation {
    /// `[T, d/2]`.
    let cosines: Expression
    let sines: Expression

    /// Creates the tables; nil for a model without rotation.
    init?(_ builder: GraphBuilder, shape: ModelShape) {
        let configuration = shape.configuration
        guard configuration.positionEncoding == .rope, configuration.mixerKind == .attention else {
            return nil
        }
        let half = configuration.headSize / 2
        let angles = RotaryAngles(configuration: configuration)
        func table(_ function: (Double) -> Double) -> Expression {
            builder.vector(
                (0..<(shape.positions * half)).map {
                    Double(Float(function(angles.angle(position: $0 / half, pair: $0 % half))))
                }
            ).reshaped([shape.positions, half])
        }
        cosines = table(RotaryAngles.cosine)
        sines = table(RotaryAngles.sine)
    }

    /// Rotates float32 heads, `[B, T, nH, d]`.
    func applied(to x: Expression) -> Expression {
        let half = x.shape[3] / 2
        let (first, second) = (x.sliced(0..<half, axis: 3), x.sliced(half..<(2 * half), axis: 3))
        func wide(_ table: Expression) -> Expression {
            table.broadcast(to: first.shape, axes: [1, 3])
        }
        return .concatenated(
            [
                first * wide(cosines) - second * wide(sines),
                second * wide(cosines) + first * wide(sines),
            ], axis: 3)
    }
}

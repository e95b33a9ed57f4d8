import HRMModel

/// One post-norm block on the positions of one sequence, `[T, D]`.
struct ReferenceBlock {
    /// The prefix of the block's parameter names.
    let prefix: String
    /// The settings of the architecture.
    let configuration: HRMConfiguration
    /// All parameters by name.
    let parameters: [String: Variable]
    /// The means that the SwiGLU reads beside each row.
    let means: ReferenceMeans

    /// Computes the block.
    func callAsFunction(_ x: Variable) -> Variable {
        if configuration.mixesPositions { return mixFeatures(mixPositions(x)) }
        if configuration.relations.isEmpty { return mixFeatures(attend(x)) }
        return mixFeatures(x)
    }

    /// `RMSNorm(x + Attention(x))`.
    private func attend(_ x: Variable) -> Variable {
        let attention = ReferenceAttention(
            headCount: configuration.headCount,
            theta: configuration.positionEncoding == .rope ? configuration.ropeTheta : nil)
        return normalized(
            x
                + attention(
                    x, queriesKeysValues: weight("self_attn.qkv_proj"),
                    output: weight("self_attn.o_proj")))
    }

    /// `RMSNorm(xᵀ + SwiGLU(xᵀ))ᵀ`: across positions, for each feature.
    private func mixPositions(_ x: Variable) -> Variable {
        let y = x.transposed
        return normalized(
            y + y.swiGLU(gateUp: weight("mlp_t.gate_up_proj"), down: weight("mlp_t.down_proj"))
        ).transposed
    }

    /// `RMSNorm(h + SwiGLU([h, means]))` of each position, or of each symbol of each position.
    private func mixFeatures(_ h: Variable) -> Variable {
        let symbols = max(1, configuration.symbolCount)
        let rows = h.reshaped(rows: h.rows * symbols, columns: h.columns / symbols)
        return normalized(
            rows
                + means.beside(rows).swiGLU(
                    gateUp: weight("mlp.gate_up_proj"), down: weight("mlp.down_proj"))
        ).reshaped(rows: h.rows, columns: h.columns)
    }

    private func normalized(_ x: Variable) -> Variable {
        x.rootMeanSquareNormalized(epsilon: configuration.normEpsilon)
    }

    private func weight(_ name: String) -> Variable {
        guard let weight = parameters["\(prefix)\(name).weight"] else {
            preconditionFailure("no parameter '\(prefix)\(name).weight'")
        }
        return weight
    }
}

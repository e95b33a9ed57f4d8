extension MixerDescription {
    /// Describes a SwiGLU across positions: `D · 2 · 3·T·J` operations.
    static func tokenMixing(of configuration: HRMConfiguration, positions: Int) -> Self {
        let inner = configuration.innerSize(of: positions)
        return Self(
            kind: .tokenMixing,
            tensors: [
                Tensor(
                    name: "mlp_t.gate_up_proj.weight", shape: [2 * inner, positions],
                    isOutput: false),
                Tensor(
                    name: "mlp_t.down_proj.weight", shape: [positions, inner], isOutput: true),
            ],
            products: Double(configuration.hiddenSize) * 2 * 3 * Double(positions) * Double(inner),
            attention: 0)
    }
}

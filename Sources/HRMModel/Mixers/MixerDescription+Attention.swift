extension MixerDescription {
    /// Describes attention: `T · 2 · (3D² + D²)` operations in the projections, and `T · 4·T·D`
    /// between them.
    static func attention(of configuration: HRMConfiguration, positions: Int) -> Self {
        let width = configuration.hiddenSize
        let (count, size) = (Double(positions), Double(width))
        return Self(
            kind: .attention,
            tensors: [
                Tensor(
                    name: "self_attn.qkv_proj.weight", shape: [3 * width, width], isOutput: false),
                Tensor(name: "self_attn.o_proj.weight", shape: [width, width], isOutput: true),
            ],
            products: count * 2 * 4 * size * size, attention: count * 4 * count * size)
    }
}

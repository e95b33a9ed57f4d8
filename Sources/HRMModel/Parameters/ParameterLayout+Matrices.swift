extension ParameterLayout.Entry {
    /// The number of matrices stacked in the tensor: three for queries, keys and values, two for
    /// gate and up; 0 for tensors outside blocks and for vectors.
    package var stackedMatrices: Int {
        guard name.contains(".layers."), shape.count == 2 else { return 0 }
        if name.hasSuffix("qkv_proj.weight") { return 3 }
        return name.hasSuffix("gate_up_proj.weight") ? 2 : 1
    }
}

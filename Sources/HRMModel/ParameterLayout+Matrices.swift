extension ParameterLayout.Entry {
    /// The number of matrices stacked in the tensor: three in that of queries,
    /// keys and values, two in that of gate and up; 0 when it is not of a block or no matrix.
    public var stackedMatrices: Int {
        guard name.contains(".layers."), shape.count == 2 else { return 0 }
        if name.hasSuffix("qkv_proj.weight") { return 3 }
        return name.hasSuffix("gate_up_proj.weight") ? 2 : 1
    }
}

extension ParameterLayout.Entry {
    /// How many matrices of a block lie in the tensor, one below the other: three in that of queries,
    /// keys and values, two in that of gate and up; 0 when it is not of a block or no matrix.
    public var stackedMatrices: Int {
        guard name.contains(".layers."), shape.count == 2 else { return 0 }
        if name.hasSuffix("qkv_proj.weight") { return 3 }
        return name.hasSuffix("gate_up_proj.weight") ? 2 : 1
    }
}

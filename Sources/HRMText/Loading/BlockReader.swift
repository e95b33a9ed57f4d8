import HRMTensor

/// Reads the weights of blocks, fused or split.
struct BlockReader {
    let configuration: TextConfiguration
    let files: TensorFiles
    /// The published names of the tensors that have been read.
    private(set) var used: Set<String> = []

    init(configuration: TextConfiguration, files: TensorFiles) {
        self.configuration = configuration
        self.files = files
    }

    /// The order of the row blocks of the fused projection.
    private static let projections = ["gate", "q", "k", "v"]

    /// Reads a weight.
    mutating func weight(
        _ name: String, _ outputs: Int, _ inputs: Int
    ) throws(TextModelError) -> StoredWeight {
        used.insert(name)
        return try files.weight(name, outputs, inputs)
    }

    /// Reads a vector as a matrix with one row.
    mutating func vector(_ name: String, _ count: Int) throws(TextModelError) -> Matrix {
        used.insert(name)
        return try files.vector(name, count)
    }

    /// Reads the block with a prefix.
    mutating func block(_ prefix: String) throws(TextModelError) -> TextBlockWeights {
        let (hidden, inner) = (configuration.hiddenSize, configuration.innerSize)
        let heads = configuration.headCount * configuration.headSize
        let attention = try fusedOrSplit(
            fused: prefix + "attn.gqkv_proj.weight",
            parts: Self.projections.map { "\(prefix)self_attn.\($0)_proj.weight" },
            outputs: heads, inputs: hidden)
        let gateUp = try fusedOrSplit(
            fused: prefix + "mlp.gate_up_proj.weight",
            parts: ["gate", "up"].map { "\(prefix)mlp.\($0)_proj.weight" },
            outputs: inner, inputs: hidden)
        var block = TextBlockWeights(
            attention: attention,
            attentionOutput: try either(
                prefix + "attn.o_proj.weight", prefix + "self_attn.o_proj.weight"
            ) { reader, name throws(TextModelError) in
                try reader.weight(name, hidden, heads)
            },
            gateUp: gateUp,
            down: try weight(prefix + "mlp.down_proj.weight", hidden, inner))
        if configuration.hasAttentionBias {
            block.attentionBias = try biases(
                Self.projections.map { "\(prefix)self_attn.\($0)_proj.bias" }, heads)
            block.attentionOutputBias = try either(
                prefix + "attn.o_proj.bias", prefix + "self_attn.o_proj.bias"
            ) { reader, name throws(TextModelError) in
                try reader.vector(name, hidden)
            }
        }
        if configuration.hasInnerBias {
            block.gateUpBias = try biases(
                ["gate", "up"].map { "\(prefix)mlp.\($0)_proj.bias" }, inner)
            block.downBias = try vector(prefix + "mlp.down_proj.bias", hidden)
        }
        return block
    }

    /// Reads the first of two names; the second if only that exists.
    private mutating func either<Value>(
        _ name: String, _ other: String,
        _ read: (inout BlockReader, String) throws(TextModelError) -> Value
    ) throws(TextModelError) -> Value {
        try read(&self, !files.contains(name) && files.contains(other) ? other : name)
    }

    private mutating func fusedOrSplit(
        fused: String, parts: [String], outputs: Int, inputs: Int
    ) throws(TextModelError) -> StoredWeight {
        if files.contains(fused) || !parts.contains(where: files.contains) {
            return try weight(fused, parts.count * outputs, inputs)
        }
        var weights: [StoredWeight] = []
        for part in parts { weights.append(try weight(part, outputs, inputs)) }
        return StoredWeight.stacked(weights)
    }

    private mutating func biases(
        _ names: [String], _ count: Int
    ) throws(TextModelError) -> Matrix {
        var values: [Float] = []
        for name in names { values += try vector(name, count).values }
        return Matrix(values, rows: 1, columns: values.count)
    }
}

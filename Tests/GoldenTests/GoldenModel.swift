import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// The `config` of a case, with the reference's keys.
struct GoldenConfiguration: Decodable {
    var batch_size: Int?
    var seq_len: Int?
    var vocab_size: Int?
    var num_puzzle_identifiers: Int?
    var puzzle_emb_ndim: Int?
    var H_cycles: Int?
    var L_cycles: Int?
    var H_layers: Int?
    var L_layers: Int?
    var hidden_size: Int
    var expansion: Double
    var num_heads: Int
    var pos_encodings: String
    var rms_norm_eps: Double
    var rope_theta: Double
    var halt_max_steps: Int?
    var halt_exploration_prob: Double?
    var forward_dtype: String?
    /// Keys of the TRM alone.
    var mlp_t: Bool?
    var puzzle_emb_len: Int?
    var no_ACT_continue: Bool?

    func architecture(loss: String? = nil) throws -> HRMConfiguration {
        var result = HRMConfiguration()
        result.hiddenSize = hidden_size
        result.headCount = num_heads
        result.expansion = expansion
        result.highLayers = H_layers ?? 1
        result.lowLayers = L_layers ?? 1
        result.highCycles = H_cycles ?? 1
        result.lowCycles = L_cycles ?? 1
        result.haltMaxSteps = halt_max_steps ?? 1
        result.haltExplorationProbability = halt_exploration_prob ?? 0
        result.family = mlp_t == nil ? .hierarchical : .tiny
        result.mixesPositions = mlp_t ?? false
        result.ignoresContinue = no_ACT_continue ?? false
        result.puzzleEmbeddingLength = puzzle_emb_len ?? 0
        result.puzzleEmbeddingSize = puzzle_emb_ndim ?? 0
        result.positionEncoding = try #require(PositionEncoding(rawValue: pos_encodings))
        result.ropeTheta = rope_theta
        result.normEpsilon = rms_norm_eps
        result.lossType = try #require(LossType(rawValue: loss ?? "stablemax_cross_entropy"))
        result.forwardPrecision = try #require(
            ActivationPrecision(rawValue: forward_dtype ?? "float32"))
        try result.validate()
        return result
    }

    func dimensions() throws -> PuzzleDimensions {
        PuzzleDimensions(
            vocabularySize: try #require(vocab_size), sequenceLength: try #require(seq_len),
            puzzleIdentifierCount: try #require(num_puzzle_identifiers))
    }

    /// A model with stored weights; names and shapes must be exactly those of the layout.
    func model(weights: GoldenTensors, loss: String? = nil) throws -> HierarchicalReasoningModel {
        let model = HierarchicalReasoningModel(
            blank: try architecture(loss: loss), dimensions: try dimensions(), trainable: true)
        let entries = model.layout.entries + model.layout.buffers
        #expect(entries.map(\.name).sorted() == weights.names.sorted())
        for entry in entries {
            let tensor = try weights[entry.name]
            #expect(tensor.shape == entry.shape, "\(entry.name)")
            try #require(model.tensor(entry)).assign(tensor.floats)
        }
        model.pack(workers: Workers(count: 1))
        return model
    }
}

extension HierarchicalReasoningModel {
    /// Expects every parameter, and the buffers, to be what is stored.
    func expectWeights(_ weights: GoldenTensors, _ tolerance: Tolerance, _ name: String) throws {
        for entry in layout.entries + layout.buffers {
            expectClose(
                try #require(tensor(entry)).values, try weights[entry.name].floats, tolerance,
                "\(name) \(entry.name)")
        }
    }

    /// The logits of the last step without the puzzle embedding's positions, `[B·S·V]`.
    func tokenLogits(_ outputs: BatchOutputs, batchSize: Int) -> [Float] {
        let vocabulary = dimensions.vocabularySize
        let skip = configuration.prefixLength * vocabulary
        let perSequence = positionCount * vocabulary
        let all = outputs.logits.values
        return (0..<batchSize).flatMap { all[($0 * perSequence + skip)..<(($0 + 1) * perSequence)] }
    }
}

extension GoldenTensors {
    /// One step's (or batch's) part of a tensor whose first axis counts them.
    func floats(_ name: String, at index: Int) throws -> [Float] {
        let tensor = try self[name]
        return slice(tensor.floats, of: tensor, at: index)
    }

    func integers(_ name: String, at index: Int) throws -> [Int] {
        let tensor = try self[name]
        return slice(tensor.integers, of: tensor, at: index)
    }

    func doubles(_ name: String, at index: Int) throws -> [Double] {
        let tensor = try self[name]
        return slice(tensor.doubles, of: tensor, at: index)
    }

    private func slice<Value>(_ values: [Value], of tensor: GoldenTensor, at index: Int) -> [Value]
    {
        let size = tensor.shape.dropFirst().reduce(1, *)
        return Array(values[(index * size)..<((index + 1) * size)])
    }
}

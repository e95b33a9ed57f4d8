public import Foundation
import HRMTensor

extension TextModel {
    /// Loads a model from the folder that `save_pretrained` writes.
    ///
    /// Tensors have the names that transformers publishes, fused or split, or those of the original
    /// training code. Weights of float32 and bfloat16 are mapped, not read.
    ///
    /// - Parameters:
    ///   - folder: A folder with `config.json`, and `model.safetensors` or
    ///     `model.safetensors.index.json` with its shards.
    ///   - options: The number format and the workers.
    /// - Returns: The model.
    /// - Throws: ``TextModelError`` with the file, the problem and the remedy.
    public static func load(
        folder: URL, options: TextModelOptions = TextModelOptions()
    ) throws(TextModelError) -> TextModel {
        let file = try ConfigurationFile(folder.appendingPathComponent("config.json"))
        var remarks: [String] = []
        var configuration = try TextConfiguration(file, remarks: &remarks)
        let files = try TensorFiles(folder)
        try configuration.setDepth(
            depth(files, hasFastStack: configuration.lowCycles > 0), file, remarks: &remarks)

        var reader = BlockReader(configuration: configuration, files: files)
        func blocks(
            _ stack: String, _ reader: inout BlockReader
        ) throws(TextModelError) -> [TextBlockWeights] {
            var blocks: [TextBlockWeights] = []
            for index in 0..<configuration.layersPerStack {
                blocks.append(try reader.block(TensorNames.block(stack, index)))
            }
            return blocks
        }
        let (vocabulary, hidden) = (configuration.vocabularySize, configuration.hiddenSize)
        let embedding = try reader.weight(TensorNames.embedding, vocabulary, hidden)
        var weights = TextWeights(
            embedding: embedding,
            initialLow: try reader.vector(TensorNames.initialLow, hidden),
            low: configuration.lowCycles > 0 ? try blocks("L", &reader) : [],
            high: try blocks("H", &reader),
            head: configuration.hasTiedHead
                ? embedding : try head(&reader, files, vocabulary, hidden))
        let idle = files.names.filter { !reader.used.contains($0) }
        for name in idle where !(configuration.hasTiedHead && name == TensorNames.head) {
            throw .tensor(
                path: files.path, name: name,
                reason: "does not belong to this architecture with this config.json")
        }
        let unused = (idle + files.idleNames).sorted()
        if !unused.isEmpty {
            remarks.append("tensors without effect: \(unused.prefix(20).joined(separator: ", "))")
        }
        let isRounded = weights.high[0].attention.format == .bfloat16
        let precision: Precision =
            switch options.arithmetic {
            case .automatic: isRounded ? .bfloat16 : .float32
            case .float32: .float32
            case .bfloat16: .bfloat16
            }
        if options.weights == .int8 { weights.quantize(workers: options.workers) }
        return TextModel(
            configuration: configuration, weights: weights, precision: precision,
            workers: options.workers, remarks: remarks)
    }

    private static func head(
        _ reader: inout BlockReader, _ files: TensorFiles, _ vocabulary: Int, _ hidden: Int
    ) throws(TextModelError) -> StoredWeight {
        guard files.contains(TensorNames.head) else {
            throw .tensor(
                path: files.path, name: TensorNames.head,
                reason: "is missing; if the head is the embedding, config.json needs "
                    + "tie_word_embeddings true")
        }
        return try reader.weight(TensorNames.head, vocabulary, hidden)
    }

    /// Counts the blocks of each stack from the tensors' names.
    ///
    /// - Parameters:
    ///   - files: The tensors.
    ///   - hasFastStack: False for a model without fast passes, whose fast stack may be missing.
    /// - Returns: The number of blocks of each stack that the model has.
    /// - Throws: ``TextModelError`` if the stacks do not fit together.
    private static func depth(
        _ files: TensorFiles, hasFastStack: Bool
    ) throws(TextModelError) -> Int {
        var indices: [String: Set<Int>] = ["L": [], "H": []]
        for name in files.names {
            if let parts = TensorNames.parts(name) { indices[parts.stack]?.insert(parts.index) }
        }
        let (low, high) = (indices["L"] ?? [], indices["H"] ?? [])
        guard !low.isEmpty || !hasFastStack, !high.isEmpty else {
            throw .tensor(
                path: files.path,
                name: TensorNames.block(high.isEmpty ? "H" : "L", 0) + "attn.gqkv_proj.weight",
                reason: "is missing; this is not a text model with two loops")
        }
        guard low == high || low.isEmpty, high == Set(0..<high.count) else {
            throw .file(
                path: files.path,
                reason: "its stacks have \(low.count) and \(high.count) blocks, not equally many "
                    + "that are numbered from 0; export the model again")
        }
        return high.count
    }
}

extension TextWeights {
    /// Replaces all weights but the embedding by 8-bit ones.
    ///
    /// The memory of the file is given back after each, so that both are never present as a whole.
    mutating func quantize(workers: Workers) {
        let pool = WorkerPool(workers: workers)
        func quantize(_ weight: inout StoredWeight) {
            let stored = weight
            weight = stored.quantized(pool: pool)
            stored.releasePages()
        }
        for index in low.indices { low[index].quantizeWeights(quantize) }
        for index in high.indices { high[index].quantizeWeights(quantize) }
        quantize(&head)
    }
}

extension TextBlockWeights {
    /// Replaces each weight.
    fileprivate mutating func quantizeWeights(_ replace: (inout StoredWeight) -> Void) {
        replace(&attention)
        replace(&attentionOutput)
        replace(&gateUp)
        replace(&down)
    }
}

package import Foundation
import HRMFiles
package import HRMTensor

extension TextParameters {
    /// Writes the folder that ``TextModel/load(folder:options:)`` and transformers read.
    ///
    /// It contains `config.json`, `generation_config.json` and `model.safetensors`, each of which is
    /// replaced at once; the configuration is the last.
    ///
    /// - Parameters:
    ///   - folder: The folder, which is created if it is missing.
    ///   - configuration: The extents of these parameters.
    ///   - initialLow: The initial fast state, shape `[1, C]`.
    ///   - precision: The number format of the file.
    /// - Throws: ``FileError`` or ``SafetensorsError`` if a file cannot be written.
    package func write(
        to folder: URL, configuration: TextConfiguration, initialLow: Matrix,
        precision: Precision = .float32
    ) throws {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
        } catch {
            throw FileError(.write, path: folder.path, reason: FileProblem(error).reason)
        }
        var stream = SafetensorsStream()
        stream.metadata["format"] = "pt"
        func stored(_ matrix: Matrix) -> Matrix {
            guard precision != .float32 else { return matrix }
            let copy = Matrix(rows: matrix.rows, columns: matrix.columns, precision: precision)
            copy.assign(matrix)
            return copy
        }
        for (name, matrix) in named { stream.add(name, stored(matrix)) }
        stream.add(
            TensorNames.initialLow, stored(initialLow), shape: [configuration.hiddenSize])
        try stream.write(to: folder.appendingPathComponent("model.safetensors"))
        let generation = configuration.tokenMembers + [("use_cache", "true")]
        try Self.write(generation, to: folder.appendingPathComponent("generation_config.json"))
        try Self.write(
            configuration.members(precision: precision),
            to: folder.appendingPathComponent("config.json"))
    }

    private static func write(_ members: [(String, String)], to url: URL) throws(FileError) {
        let lines = members.map { "  \(JSONText.quoted($0.0)): \($0.1)" }
        let text = "{\n" + lines.joined(separator: ",\n") + "\n}\n"
        try AtomicFile.write(Data(text.utf8), to: url)
    }
}

extension TextConfiguration {
    /// The members about tokens, as JSON.
    fileprivate var tokenMembers: [(String, String)] {
        func text(_ token: Int32?) -> String { token.map { "\($0)" } ?? "null" }
        let ends =
            endTokens.count > 1
            ? "[" + endTokens.map { "\($0)" }.joined(separator: ", ") + "]"
            : text(endTokens.first)
        return [
            ("bos_token_id", text(beginToken)), ("eos_token_id", ends),
            ("pad_token_id", text(paddingToken)),
        ]
    }

    /// All members of `config.json`, as JSON.
    fileprivate func members(precision: Precision) -> [(String, String)] {
        let cycles =
            lowCyclesWithGradient.isEmpty
            ? "null" : "[" + lowCyclesWithGradient.map { "\($0)" }.joined(separator: ", ") + "]"
        let members: [(String, String)] = [
            ("architectures", "[\"HrmTextForCausalLM\"]"), ("model_type", "\"hrm_text\""),
            ("dtype", JSONText.quoted(precision.rawValue)), ("vocab_size", "\(vocabularySize)"),
            ("hidden_size", "\(hiddenSize)"), ("intermediate_size", "\(innerSize)"),
            ("num_attention_heads", "\(headCount)"), ("head_dim", "\(headSize)"),
            ("num_layers_per_stack", "\(layersPerStack)"),
            ("num_hidden_layers", "\(cacheSlotCount)"), ("H_cycles", "\(highCycles)"),
            ("L_cycles", "\(lowCycles)"), ("L_bp_cycles", cycles),
            ("embedding_scale", JSONText.number(embeddingScale)),
            ("initializer_range", JSONText.number(initializerRange)),
            ("rms_norm_eps", JSONText.number(normEpsilon)),
            (
                "rope_parameters",
                "{\"rope_type\": \"default\", \"rope_theta\": \(JSONText.number(rotaryBase))}"
            ),
            ("prefix_lm", "\(hasPrefixAttention)"), ("tie_word_embeddings", "\(hasTiedHead)"),
            ("attention_bias", "\(hasAttentionBias)"), ("mlp_bias", "\(hasInnerBias)"),
            ("hidden_act", "\"silu\""), ("max_position_embeddings", "\(contextLength)"),
            ("attention_dropout", "0.0"), ("use_cache", "true"),
        ]
        return members + tokenMembers
    }
}

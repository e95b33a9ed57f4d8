import Foundation

extension TextConfiguration {
    /// The depth that a configuration states, to be compared with the tensors.
    struct StatedDepth {
        /// `num_layers_per_stack`.
        var perStack: Int?
        /// `num_hidden_layers`.
        var hidden: Int?
    }

    /// Members with an effect here.
    private static let knownMembers: Set<String> = [
        "model_type", "architectures", "vocab_size", "hidden_size", "intermediate_size",
        "num_attention_heads", "head_dim", "num_layers_per_stack", "num_hidden_layers", "H_cycles",
        "L_cycles", "embedding_scale", "initializer_range", "rms_norm_eps", "rope_parameters",
        "rope_theta", "rope_scaling", "prefix_lm", "tie_word_embeddings", "attention_bias",
        "mlp_bias", "hidden_act", "L_bp_cycles", "max_position_embeddings", "pad_token_id",
        "bos_token_id", "eos_token_id",
    ]
    /// Members that describe the file or its making, or are harmless copies of other families'.
    private static let idleMembers: Set<String> = [
        "attention_dropout", "use_cache", "dtype", "torch_dtype", "transformers_version",
        "num_key_value_heads", "_name_or_path", "return_dict", "output_attentions",
        "output_hidden_states", "id2label", "label2id", "problem_type", "chunk_size_feed_forward",
        "is_encoder_decoder", "is_decoder", "cross_attention_hidden_size", "add_cross_attention",
        "finetuning_task", "task_specific_params", "tokenizer_class", "auto_map", "layer_types",
        "pretraining_tp", "sep_token_id", "decoder_start_token_id", "torchscript",
    ]
    /// Members that would change the arithmetic.
    private static let refusedMembers = [
        "quantization_config", "sliding_window", "rope_scaling", "attn_logit_softcapping",
        "final_logit_softcapping", "compression_config",
    ]

    private static let largestExtent = 1 << 24
    private static let mostBlocks = 4096
    private static let mostCycles = 256

    /// Reads the members of `config.json`; the depth is left to the tensors.
    init(
        _ file: ConfigurationFile, remarks: inout [String]
    ) throws(TextModelError) {
        guard let type = file["model_type"] else {
            throw file.error("model_type", "is missing; 'hrm_text' is needed")
        }
        guard type == .text("hrm_text") else {
            throw file.error("model_type", "is \(type.shown); only 'hrm_text' is supported")
        }
        for name in Self.refusedMembers {
            if let value = file[name], value != .flag(false) {
                throw file.error(
                    name, "is \(value.shown), which is not supported; use the original weights")
            }
        }
        if let architectures = file["architectures"] {
            guard case .list(let names) = architectures,
                names.isEmpty || names.contains(.text("HrmTextForCausalLM"))
            else {
                throw file.error(
                    "architectures",
                    "is \(architectures.shown); only HrmTextForCausalLM is supported")
            }
        }
        try file.require("hidden_act", "silu")
        let extents = 1...Self.largestExtent
        let initializerRange = try file.positive("initializer_range", standard: 0.02)
        self.init(
            vocabularySize: try file.whole("vocab_size", extents, standard: 151_808),
            hiddenSize: try file.whole("hidden_size", extents, standard: 1536),
            innerSize: try file.whole("intermediate_size", extents, standard: 4096),
            headCount: try file.whole("num_attention_heads", 1...(1 << 16), standard: 12),
            headSize: try file.whole("head_dim", 1...(1 << 16), standard: 128),
            layersPerStack: 1,
            highCycles: try file.whole("H_cycles", 1...Self.mostCycles, standard: 2),
            lowCycles: try file.whole("L_cycles", 0...Self.mostCycles, standard: 3),
            embeddingScale: Float(
                try file.positive("embedding_scale", standard: 1 / initializerRange)),
            initializerRange: Float(initializerRange),
            normEpsilon: Float(try file.positive("rms_norm_eps", standard: 1e-6)),
            rotaryBase: try Self.rotaryBase(file),
            hasPrefixAttention: try file.flag("prefix_lm", standard: true),
            hasTiedHead: try file.flag("tie_word_embeddings", standard: false),
            hasAttentionBias: try file.flag("attention_bias", standard: false),
            hasInnerBias: try file.flag("mlp_bias", standard: false),
            lowCyclesWithGradient: try file.wholes("L_bp_cycles", 0...Self.mostCycles) ?? [],
            contextLength: try file.whole(
                "max_position_embeddings", 1...TextRow.positionLimit, standard: 2048),
            paddingToken: nil, beginToken: nil, endTokens: [])
        try checkExtents(file)
        let tokens = -1...(vocabularySize - 1)
        func token(_ name: String) throws(TextModelError) -> Int32? {
            let id = try file.whole(name, tokens, standard: -1)
            return id < 0 ? nil : Int32(id)
        }
        paddingToken = try token("pad_token_id")
        beginToken = try token("bos_token_id")
        endTokens = (try file.wholes("eos_token_id", 0...(vocabularySize - 1)) ?? [])
            .map { Int32($0) }
        let idle = file.names.filter {
            !Self.knownMembers.contains($0) && !Self.idleMembers.contains($0)
                && !Self.refusedMembers.contains($0)
        }
        if !idle.isEmpty {
            remarks.append(
                "members without effect in \(file.path): \(idle.prefix(20).joined(separator: ", "))"
            )
        }
    }

    private func checkExtents(_ file: ConfigurationFile) throws(TextModelError) {
        guard hiddenSize.isMultiple(of: headCount) else {
            throw file.error(
                "hidden_size",
                "is \(hiddenSize), not a multiple of num_attention_heads \(headCount)")
        }
        guard headSize.isMultiple(of: 2) else {
            throw file.error(
                "head_dim", "is \(headSize); an even number is needed for the rotary embedding")
        }
        guard headCount * headSize <= Self.largestExtent else {
            throw file.error(
                "head_dim", "is \(headSize), too large for \(headCount) heads")
        }
        guard lowCyclesWithGradient.count <= highCycles else {
            throw file.error(
                "L_bp_cycles",
                "has \(lowCyclesWithGradient.count) members for \(highCycles) H_cycles")
        }
    }

    private static func rotaryBase(_ file: ConfigurationFile) throws(TextModelError) -> Double {
        guard let parameters = try file.object("rope_parameters") else {
            return try file.positive("rope_theta", standard: 10_000)
        }
        try parameters.require("rope_type", "default")
        for name in parameters.names where name != "rope_type" && name != "rope_theta" {
            guard parameters[name] == nil else {
                throw file.error("rope_parameters", "has '\(name)', which is not supported")
            }
        }
        if parameters["rope_theta"] == nil {
            return try file.positive("rope_theta", standard: 10_000)
        }
        return try parameters.positive("rope_theta", standard: 10_000)
    }

    /// Sets the depth that was counted from the tensors, with a remark if the file disagrees.
    mutating func setDepth(
        _ count: Int, _ file: ConfigurationFile, remarks: inout [String]
    ) throws(TextModelError) {
        let (slots, overflow) = count.multipliedReportingOverflow(by: passCount)
        guard count <= Self.mostBlocks, !overflow, slots <= 1 << 20 else {
            throw file.error("H_cycles", "gives too many passes through \(count) blocks")
        }
        layersPerStack = count
        let limits = 0...Int.max
        let perStack = try file.whole("num_layers_per_stack", limits, standard: -1)
        let hidden = try file.whole("num_hidden_layers", limits, standard: -1)
        if perStack >= 0, perStack != count {
            remarks.append(
                "\(file.path) has num_layers_per_stack \(perStack), but the tensors have \(count) "
                    + "blocks in each stack; the tensors decide")
        }
        if perStack < 0, hidden >= 0, hidden != count, hidden != cacheSlotCount {
            remarks.append(
                "\(file.path) has num_hidden_layers \(hidden), but the tensors have \(count) "
                    + "blocks in each stack; the tensors decide")
        }
    }
}

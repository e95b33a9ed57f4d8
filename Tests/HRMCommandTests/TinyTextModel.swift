import Foundation
import HRMFiles
import HRMText

/// A text model whose next token depends on the last one only: its blocks have no effect, its
/// embedding is the unit matrix, and a column of its head names the next token.
///
/// After a prompt it says `hi` and ends; after any other token it repeats it.
enum TinyTextModel {
    private static let vocabularySize = 288

    /// Writes the model's folder `model`.
    static func write(in bench: Workbench) throws {
        let folder = bench.url("model")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let tokenizer = try TokenizerTrainer(vocabularySize: 287).train()
        try tokenizer.write(to: folder.appendingPathComponent("tokenizer.json"))
        let letters = tokenizer.encode("hi")
        let following: [Int32: Int32] = [7: letters[0], letters[0]: letters[1], letters[1]: 11]
        let size = vocabularySize
        var embedding = [Float](repeating: 0, count: size * size)
        var head = embedding
        for token in 0..<size {
            embedding[token * size + token] = 1
            head[Int(following[Int32(token)] ?? Int32(token)) * size + token] = 1
        }
        var file = SafetensorsFile()
        func zeros(_ shape: Int...) -> SafetensorsTensor {
            let count = shape.reduce(1, *)
            return .float32([Float](repeating: 0, count: count), shape: shape)
        }
        file["model.embed_tokens.weight"] = .float32(embedding, shape: [size, size])
        file["lm_head.weight"] = .float32(head, shape: [size, size])
        file["model.z_L_init"] = zeros(size)
        for stack in ["model.L_module.layers.0", "model.H_module.layers.0"] {
            file["\(stack).attn.gqkv_proj.weight"] = zeros(16, size)
            file["\(stack).attn.o_proj.weight"] = zeros(size, 4)
            file["\(stack).mlp.gate_up_proj.weight"] = zeros(8, size)
            file["\(stack).mlp.down_proj.weight"] = zeros(size, 4)
        }
        try file.write(to: folder.appendingPathComponent("model.safetensors"))
        try bench.write(
            """
            {"model_type": "hrm_text", "architectures": ["HrmTextForCausalLM"],
             "vocab_size": \(size), "hidden_size": \(size), "intermediate_size": 4,
             "num_attention_heads": 1, "head_dim": 4, "num_layers_per_stack": 1,
             "num_hidden_layers": 8, "H_cycles": 2, "L_cycles": 3, "embedding_scale": 1.0,
             "initializer_range": 0.02, "rms_norm_eps": 1e-6, "prefix_lm": true,
             "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0},
             "tie_word_embeddings": false, "attention_bias": false, "mlp_bias": false,
             "hidden_act": "silu", "max_position_embeddings": 64, "pad_token_id": 5,
             "bos_token_id": 6, "eos_token_id": 11}
            """, to: "model/config.json")
    }
}

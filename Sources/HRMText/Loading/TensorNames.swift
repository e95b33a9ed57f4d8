/// The published names of tensors, and the translation of the original training code's.
enum TensorNames {
    static let embedding = "model.embed_tokens.weight"
    static let initialLow = "model.z_L_init"
    static let head = "lm_head.weight"

    /// The prefix of a block's tensors.
    static func block(_ stack: String, _ index: Int) -> String {
        "model.\(stack)_module.layers.\(index)."
    }

    /// Returns the published name of a tensor; nil for tensors that a model does not need.
    static func published(_ name: String) -> String? {
        var name = name[...]
        for prefix in ["_orig_mod.", "module."] where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.count)
        }
        if name.contains("rotary") || name.hasSuffix("zH_init") || name.hasSuffix("z_H_init") {
            return nil
        }
        switch name {
        case "embed_tokens.embedding_weight", "model.embed_tokens.embedding_weight":
            return embedding
        case "zL_init", "model.zL_init": return initialLow
        default: break
        }
        for stack in ["L", "H"] {
            for prefix in ["model.\(stack)_level.core.layers.", "\(stack)_level.core.layers."]
            where name.hasPrefix(prefix) {
                return "model.\(stack)_module.layers." + name.dropFirst(prefix.count)
            }
        }
        return String(name)
    }

    /// Returns the stack, index and rest of the name of a block's tensor.
    static func parts(_ name: String) -> (stack: String, index: Int, rest: String)? {
        for stack in ["L", "H"] {
            let prefix = "model.\(stack)_module.layers."
            guard name.hasPrefix(prefix) else { continue }
            let tail = name.dropFirst(prefix.count)
            guard let dot = tail.firstIndex(of: "."), let index = Int(tail[..<dot]), index >= 0,
                String(index) == tail[..<dot]
            else { return nil }
            return (stack, index, String(tail[tail.index(after: dot)...]))
        }
        return nil
    }
}

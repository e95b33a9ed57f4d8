import Foundation
import HRMFiles
import HRMTensor
import HRMText
import Testing
import _HRMTestSupport

/// Folders that cannot be used, damaged ones, and other spellings of the same weights.
@Suite struct TextModelFolderTests {
    private let options = TextModelOptions(arithmetic: .float32, workers: Workers(count: 1))

    /// Copies a case's model into a new folder, with a changed configuration.
    private func withCopy(
        _ name: String = "causal-a", change: (inout [String: Any]) -> Void = { _ in },
        _ body: (URL) throws -> Void
    ) throws {
        let golden = try TextGolden(name)
        try withScratchFolder { folder in
            for file in try FileManager.default.contentsOfDirectory(atPath: golden.folder.path)
            where file.hasPrefix("model") || file == "config.json" {
                try FileManager.default.copyItem(
                    at: golden.folder.appendingPathComponent(file),
                    to: folder.appendingPathComponent(file))
            }
            let url = folder.appendingPathComponent("config.json")
            var members = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
            change(&members)
            try JSONSerialization.data(withJSONObject: members).write(to: url)
            try body(folder)
        }
    }

    @Test(arguments: [
        ("model_type", "llama"), ("hidden_act", "gelu"), ("vocab_size", "-1"),
        ("hidden_size", "25"), ("head_dim", "15"), ("rms_norm_eps", "0"), ("prefix_lm", "3"),
        ("H_cycles", "0"), ("quantization_config", "x"), ("L_bp_cycles", "-1"),
        ("eos_token_id", "101"), ("rope_scaling", "yarn"), ("sliding_window", "7"),
    ])
    func unsupportedMembersAreRefusedByName(_ name: String, _ value: String) throws {
        try withCopy(change: { $0[name] = Int(value) ?? value }) { folder in
            let error = #expect(throws: TextModelError.self) {
                try TextModel.load(folder: folder, options: options)
            }
            guard case .configuration(let path, let member, _) = error else {
                Issue.record("\(name): \(String(describing: error))")
                return
            }
            #expect(member == name)
            #expect(path.hasSuffix("config.json"))
        }
    }

    @Test func ropeTypesAreRefusedByName() throws {
        try withCopy(change: { $0["rope_parameters"] = ["rope_type": "llama3", "factor": 8] }) {
            folder in
            let error = #expect(throws: TextModelError.self) {
                try TextModel.load(folder: folder, options: options)
            }
            #expect("\(String(describing: error))".contains("rope_type"))
        }
    }

    @Test func missingScaleIsThatOfTheInitialRange() throws {
        try withCopy(change: { $0["embedding_scale"] = nil }) { folder in
            let model = try TextModel.load(folder: folder, options: options)
            #expect(model.configuration.embeddingScale == 4)
        }
    }

    @Test func disagreementsAboutTheDepthAreTold() throws {
        try withCopy(change: { $0["num_layers_per_stack"] = 7 }) { folder in
            let model = try TextModel.load(folder: folder, options: options)
            #expect(model.configuration.layersPerStack == 2)
            #expect(model.remarks.contains { $0.contains("num_layers_per_stack 7") })
        }
    }

    @Test func shapesThatDoNotFitAreRefused() throws {
        try withCopy(change: { $0["intermediate_size"] = 41 }) { folder in
            let error = #expect(throws: TextModelError.self) {
                try TextModel.load(folder: folder, options: options)
            }
            guard case .tensor(_, let name, let reason) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(name.contains("mlp.gate_up_proj") && reason.contains("[82, 24]"))
        }
    }

    /// Replaces the tensors of a folder by renamed ones.
    private func rewrite(
        _ folder: URL, _ change: (String, SafetensorsTensor) -> [(String, SafetensorsTensor)]
    ) throws {
        let url = folder.appendingPathComponent("model.safetensors")
        let file = try SafetensorsFile(contentsOf: url)
        var changed = SafetensorsFile()
        for name in file.names {
            for (name, tensor) in change(name, try file.tensor(name)) { changed[name] = tensor }
        }
        try changed.write(to: url)
    }

    private func logits(_ folder: URL) throws -> [[Float]] {
        try TextModel.load(folder: folder, options: options).logits(of: .prompt([3, 1, 4, 1, 5]))
    }

    @Test func namesOfTheOriginalTrainingAreRead() throws {
        try withCopy { folder in
            let expected = try logits(folder)
            try rewrite(folder) { name, tensor in
                var name = name
                for stack in ["L", "H"] {
                    name = name.replacing(
                        "model.\(stack)_module.layers.", with: "model.\(stack)_level.core.layers.")
                }
                name = name.replacing(
                    "model.embed_tokens.weight", with: "embed_tokens.embedding_weight")
                name = name.replacing("z_L_init", with: "zL_init")
                return [(name, tensor), ("model.zH_init", tensor)]
            }
            #expect(try logits(folder) == expected)
            let model = try TextModel.load(folder: folder, options: options)
            #expect(model.remarks.contains { $0.contains("zH_init") })
        }
    }

    @Test func splitProjectionsAndOtherNumberFormatsAreRead() throws {
        try withCopy { folder in
            let expected = try logits(folder)
            try rewrite(folder) { name, tensor in
                let parts =
                    name.hasSuffix("gqkv_proj.weight")
                    ? ["self_attn.gate", "self_attn.q", "self_attn.k", "self_attn.v"]
                    : name.hasSuffix("gate_up_proj.weight") ? ["mlp.gate", "mlp.up"] : []
                guard let prefix = name.range(of: parts.count == 4 ? "attn." : "mlp."),
                    !parts.isEmpty
                else {
                    return [(name, .float64(tensor.doubles(), shape: tensor.shape))]
                }
                let rows = tensor.shape[0] / parts.count, values = tensor.floats()
                return parts.enumerated().map { index, part in
                    let count = rows * tensor.shape[1]
                    return (
                        name[..<prefix.lowerBound] + part + "_proj.weight",
                        .float32(
                            Array(values[(index * count)..<((index + 1) * count)]),
                            shape: [rows, tensor.shape[1]])
                    )
                }
            }
            #expect(try logits(folder) == expected)
        }
    }

    @Test func tensorsOfAnotherArchitectureAreRefused() throws {
        try withCopy { folder in
            try rewrite(folder) { name, tensor in
                name.hasSuffix("z_L_init")
                    ? [(name, tensor), ("model.norm.weight", tensor)] : [(name, tensor)]
            }
            let error = #expect(throws: TextModelError.self) {
                try TextModel.load(folder: folder, options: options)
            }
            #expect("\(String(describing: error))".contains("model.norm.weight"))
        }
    }

    @Test func missingTensorsAndBlocksAreNamed() throws {
        for suffix in ["z_L_init", "H_module.layers.1.mlp.down_proj.weight", "lm_head.weight"] {
            try withCopy { folder in
                try rewrite(folder) { name, tensor in
                    name.hasSuffix(suffix) ? [] : [(name, tensor)]
                }
                let error = #expect(throws: TextModelError.self) {
                    try TextModel.load(folder: folder, options: options)
                }
                #expect("\(String(describing: error))".contains(suffix))
            }
        }
        try withCopy { folder in
            try rewrite(folder) { name, tensor in
                name.contains("H_module.layers.1.") ? [] : [(name, tensor)]
            }
            #expect(throws: TextModelError.self) {
                try TextModel.load(folder: folder, options: options)
            }
        }
    }

    @Test(arguments: ["../a.safetensors", "/etc/a.safetensors", "", "a.bin"])
    func shardsOutsideTheFolderAreRefused(_ shard: String) throws {
        try withCopy("sharded-b") { folder in
            let url = folder.appendingPathComponent("model.safetensors.index.json")
            let index: [String: Any] = ["weight_map": ["lm_head.weight": shard]]
            try JSONSerialization.data(withJSONObject: index).write(to: url)
            let error = #expect(throws: TextModelError.self) {
                try TextModel.load(folder: folder, options: options)
            }
            #expect("\(String(describing: error))".contains("shard"))
        }
    }

    @Test func aMissingShardIsNamed() throws {
        try withCopy("sharded-b") { folder in
            let shards = try names(in: folder).filter { $0.hasPrefix("model-") }
            let last = try #require(shards.last)
            try FileManager.default.removeItem(at: folder.appendingPathComponent(last))
            let error = #expect(throws: TextModelError.self) {
                try TextModel.load(folder: folder, options: options)
            }
            #expect("\(String(describing: error))".contains(last))
        }
    }

    @Test(arguments: [
        ("causal-a", "config.json", Int.max),
        ("sharded-b", "model.safetensors.index.json", Int.max),
        ("causal-a", "model.safetensors", 2200),
    ])
    func survivesMutation(_ golden: String, _ name: String, _ prefix: Int) throws {
        try withCopy(golden) { folder in
            let url = folder.appendingPathComponent(name)
            let original = Array(try Data(contentsOf: url))
            let telling = Array("{}[]\",:0129-.eE".utf8) + [0, 0x7F, 0xFF]
            let series = Mutations(
                "text model \(name)", count: 400, seed: 20_261_130, telling: telling, slowness: 10)
            let readable = try series.run(on: [original], prefix: prefix) { round in
                try Data(round.bytes).write(to: url)
                let model: TextModel
                do throws(TextModelError) {
                    model = try TextModel.load(folder: folder, options: options)
                } catch {
                    #expect(error.description.contains(folder.path), "\(round.description)")
                    return false
                }
                guard model.configuration.passCount <= 16 else { return true }
                return try model.logits(of: .prompt([1, 2])).count == 2
            }
            #expect(readable < series.count)
        }
    }

    @Test func eightBitWeightsAreClose() throws {
        let golden = try TextGolden("causal-a")
        let exact = try golden.model()
        let rounded = try TextModel.load(
            folder: golden.folder,
            options: TextModelOptions(
                weights: .int8, arithmetic: .float32, workers: Workers(count: 2)))
        for count in [3, 12] {
            let ids = Array((0..<Int32(count)).map { $0 * 5 % 101 })
            let a = try exact.logits(of: .prompt(ids)).flatMap { $0 }
            let b = try rounded.logits(of: .prompt(ids)).flatMap { $0 }
            let distance = largestDistance(a, b)
            #expect(distance > 1e-5 && distance < 0.3, "\(distance)")
        }
    }
}

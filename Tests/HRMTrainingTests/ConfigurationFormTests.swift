import Foundation
import HRMModel
import HRMTensor
import HRMTraining
import Testing

/// What a written configuration holds: what the family's reference needs, and what differs from what a
/// file without it means.
@Suite struct ConfigurationFormTests {
    private static func keys(_ configuration: TrainingConfiguration) throws -> Set<String> {
        var section: [(indent: Int, name: String)] = []
        var keys: Set<String> = []
        for line in try configuration.yaml().split(separator: "\n") where !line.hasPrefix("-") {
            let indent = line.prefix { $0 == " " }.count
            let name = String(line.dropFirst(indent).prefix { $0 != ":" })
            section.removeAll { $0.indent >= indent }
            section.append((indent, name))
            if !line.hasSuffix(":") || name == "data_paths" {
                keys.insert(section.map(\.name).joined(separator: "."))
            }
        }
        return keys
    }

    /// The keys that the reference's files always have.
    private static let required: Set<String> = [
        "arch.H_cycles", "arch.H_layers", "arch.L_cycles", "arch.L_layers", "arch.expansion",
        "arch.halt_exploration_prob", "arch.halt_max_steps", "arch.hidden_size",
        "arch.loss.loss_type", "arch.loss.name", "arch.name", "arch.num_heads",
        "arch.pos_encodings", "beta1", "beta2", "data_path", "epochs", "global_batch_size", "lr",
        "lr_min_ratio", "lr_warmup_steps", "puzzle_emb_lr", "puzzle_emb_weight_decay",
        "weight_decay",
    ]

    @Test func theReferencesKeysAndNoOthers() throws {
        let more: Set = ["arch.puzzle_emb_ndim", "checkpoint_every_eval", "eval_interval"]
        #expect(try Self.keys(Preset.sudokuExtreme.configuration) == Self.required.union(more))
        #expect(
            try Self.keys(Preset.trmSudokuExtreme.configuration)
                == Self.required.subtracting(["data_path"]).union(more)
                .union(["data_paths", "arch.mlp_t", "ema"]))
        #expect(
            try Self.keys(Preset.transformerSudokuExtreme.configuration)
                == Self.required.subtracting(["data_path", "arch.L_cycles", "arch.L_layers"])
                .union(more).union(["data_paths"]))
    }

    @Test(arguments: Preset.allCases, [false, true])
    func everyPresetComesBack(preset: Preset, _ isFrozen: Bool) throws {
        var configuration = preset.configuration
        configuration.dataPath = "data/'a b'"
        configuration.startingWeights = "runs/a: b"
        configuration.freezesWeights =
            isFrozen && configuration.architecture.puzzleEmbeddingSize > 0
        let yaml = try configuration.yaml()
        #expect(try TrainingConfiguration(yaml: yaml, path: "f") == configuration, "\(yaml)")
    }

    /// A TRM without q_continue and with 16 positions of the puzzle embedding is what its reference
    /// means by a file that says nothing of them.
    @Test func aFamilysDefaultsAreItsOwn() throws {
        var configuration = Preset.trmSudokuAttention.configuration
        #expect(configuration.architecture.ignoresContinue)
        #expect(!(try configuration.yaml()).contains("no_ACT_continue"))
        #expect(!(try configuration.yaml()).contains("puzzle_emb_len"))
        configuration.architecture.ignoresContinue = false
        configuration.architecture.puzzleEmbeddingLength = 0
        let yaml = try configuration.yaml()
        #expect(yaml.contains("no_ACT_continue: false") && yaml.contains("puzzle_emb_len: 0"))
        #expect(try TrainingConfiguration(yaml: yaml, path: "f") == configuration)

        configuration.architecture.puzzleEmbeddingSize = 0
        let without = try configuration.yaml()
        #expect(without.contains("puzzle_emb_len: 0"))
        #expect(try TrainingConfiguration(yaml: without, path: "f") == configuration)
        let silent = without.replacingOccurrences(of: "  puzzle_emb_len: 0\n", with: "")
        #expect(try TrainingConfiguration(yaml: silent, path: "f") == configuration)
    }

    /// TRM's repository has the HRM under another name.
    @Test func theOtherNameOfAFamilyIsRead() throws {
        let configuration = Preset.sudokuExtreme.configuration
        let yaml = try configuration.yaml().replacingOccurrences(
            of: "hrm.hrm_act_v1@", with: "recursive_reasoning.hrm@")
        #expect(yaml.contains("recursive_reasoning.hrm@HierarchicalReasoningModel_ACTV1"))
        #expect(try TrainingConfiguration(yaml: yaml, path: "f") == configuration)
    }

    /// Files of earlier versions have every key.
    @Test func filesWithEveryKeyAreRead() throws {
        for preset in Preset.allCases {
            let configuration = preset.configuration
            let lines = ConfigurationKey.all.map { key in
                "\(key.name): \(key.name == "data_path" ? "data" : key.value(in: configuration))"
            }
            let read = try TrainingConfiguration(
                yaml: lines.joined(separator: "\n"), path: "f")
            #expect(read == configuration)
        }
    }
}

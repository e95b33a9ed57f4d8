import Foundation
import Testing

/// `hrm train --config` with files of the reference and of related projects.
@Suite struct ConfigurationFilesTests {
    /// A TRM's configuration in the format of its reference, with small sizes.
    private static let plain = """
        arch:
          H_cycles: 1
          H_layers: 0
          L_cycles: 1
          L_layers: 1
          expansion: 1
          forward_dtype: float32
          halt_exploration_prob: 0.1
          halt_max_steps: 2
          hidden_size: 16
          loss:
            loss_type: stablemax_cross_entropy
            name: losses@ACTLossHead
          mlp_t: false
          name: recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1
          no_ACT_continue: true
          num_heads: 2
          pos_encodings: rope
          puzzle_emb_len: 2
          puzzle_emb_ndim: 16
        beta1: 0.9
        beta2: 0.95
        checkpoint_every_eval: true
        checkpoint_path: checkpoints/Own-torch/own
          run
        data_paths:
        - data/own
        data_paths_test: []
        ema: true
        ema_rate: 0.999
        epochs: 10
        eval_interval: 10
        eval_save_outputs: []
        evaluators: []
        freeze_weights: false
        global_batch_size: 4
        load_checkpoint: null
        lr: 0.01
        lr_min_ratio: 1.0
        lr_warmup_steps: 0
        min_eval_interval: 0
        project_name: Own-torch
        puzzle_emb_lr: 0.01
        puzzle_emb_weight_decay: 0.1
        run_name: own run
        seed: 0
        weight_decay: 0.1

        """

    private static func train(
        _ bench: Workbench, _ name: String, change: (old: String, new: String)? = nil
    ) throws -> Program.Result {
        var text = plain
        if let change {
            try #require(text.contains(change.old))
            text = text.replacingOccurrences(of: change.old, with: change.new)
        }
        try bench.write(text, to: "\(name).yaml")
        return try bench.hrm(
            "train", "--data", "data", "--config", "\(name).yaml", "--steps", "2", "--output", name,
            "--evaluation-limit", "1")
    }

    /// The settings take effect: three runs with three kinds of weights.
    @Test func frozenAndGivenWeights() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let plain = try Self.train(bench, "plain")
            #expect(plain.status == 0, "\(plain.errors)")
            let frozen = try Self.train(
                bench, "frozen", change: ("freeze_weights: false", "freeze_weights: true"))
            #expect(frozen.status == 0, "\(frozen.errors)")
            let further = try Self.train(
                bench, "further", change: ("load_checkpoint: null", "load_checkpoint: plain"))
            #expect(further.status == 0, "\(further.errors)")
            let weights = try ["plain", "frozen", "further"].map {
                try bench.bytes("\($0)/model.safetensors")
            }
            #expect(Set(weights).count == 3)
            for (run, words) in [
                ("frozen", "freeze_weights: true"), ("further", "load_checkpoint: plain"),
            ] {
                let written = String(
                    decoding: try bench.bytes("\(run)/all_config.yaml"), as: UTF8.self)
                #expect(
                    written.contains(words) && written.contains("data_paths:\n- data\n"),
                    "\(written)")
            }
            let description = String(decoding: try bench.bytes("further/run.json"), as: UTF8.self)
            #expect(
                description.contains("\"starting_weights\"") && description.contains("\"sha256\""))

            let missing = try Self.train(
                bench, "missing", change: ("load_checkpoint: null", "load_checkpoint: no/step_10"))
            expectFailure(missing, mentioning: "no/step_10")
            #expect(!FileManager.default.fileExists(atPath: bench.url("missing").path))
        }
    }

    @Test(arguments: [
        ("data_paths_test: []", "data_paths_test: [data/own]", "data_paths_test: []"),
        ("min_eval_interval: 0", "min_eval_interval: 5", "--evaluation-limit"),
        ("- data/own", "- data/own\n- data/other", "more than one folder"),
        ("seed: 0", "seed: {}", "seed={}"),
        ("seed: 0", "seed: 0\narch.hidden_size: 128", "arch.hidden_size' is given twice"),
        (
            "puzzle_emb_ndim: 16", "puzzle_emb_ndim: ${arch.hidden_size}",
            "an interpolation of OmegaConf"
        ),
        ("beta1: 0.9", "defaults:\n- arch: trm\n- _self_\nbeta1: 0.9", "a Hydra defaults list"),
        ("run_name: own run", "run_name: &a own", "anchor or alias"),
        ("beta2: 0.95", "beta_2: 0.95", "did you mean beta2?"),
    ])
    func whatIsNotDoneIsRefused(old: String, new: String, words: String) throws {
        try Workbench.use { bench in
            try bench.prepare()
            let result = try Self.train(bench, "x", change: (old, new))
            expectFailure(result, mentioning: "x.yaml", words)
            #expect(result.errors.count < 500, "\(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: bench.url("x").path))
        }
    }

    /// Asterisks and ampersands in strings, quotes and comments; and settings that only cause a
    /// note.
    @Test(arguments: [
        ("run_name: own run", "run_name: 'lr *2'", nil),
        ("run_name: own run", "run_name: own *fast* & run", nil),
        ("lr: 0.01\n", "lr: 0.01  # *see* &notes\n", nil),
        (
            "evaluators: []", "evaluators:\n- name: arc@ARC",
            "evaluators=[…] is not done while training"
        ),
        ("eval_save_outputs: []", "eval_save_outputs: [logits]", "eval_save_outputs=[…]"),
    ])
    func whatIsHarmlessIsAccepted(old: String, new: String, note: String?) throws {
        try Workbench.use { bench in
            try bench.prepare()
            let result = try Self.train(bench, "x", change: (old, new))
            #expect(result.status == 0, "\(result.errors)")
            if let note { #expect(result.errors.contains("x.yaml: \(note)"), "\(result.errors)") }
        }
    }

    @Test(arguments: ["expansion=0.01", "expansion=0.005"])
    func anInnerWidthOfNothing(_ setting: String) throws {
        try Workbench.use { bench in
            try bench.prepare()
            let result = try bench.hrm(
                "train", "--data", "data", "--preset", "demo", "--set", setting, "--output", "x")
            expectFailure(
                result, status: 2, mentioning: setting,
                "inner width of expansion * 64 * 2/3, rounded: 0")
        }
    }
}

/// `hrm train --from-weights`.
@Suite struct FurtherTrainingTests {
    @Test func aRunGoesOnAsAnother() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let arguments = ["train", "--data", "data", "--from-weights", "run", "--steps", "4"]
            let whole = try bench.hrm(arguments + ["--output", "whole"])
            #expect(whole.status == 0, "\(whole.errors)")
            let text = String(decoding: try bench.bytes("whole/all_config.yaml"), as: UTF8.self)
            #expect(text.contains("load_checkpoint: run\n") && text.contains("hidden_size: 16\n"))

            // After an interruption and a resumption, the result is the same.
            let broken = try bench.hrm(
                arguments + [
                    "--output", "broken", "--minutes", "0.000001", "--checkpoint-steps", "1",
                ])
            #expect(broken.status == 0, "\(broken.errors)")
            let resumed = try bench.hrm("train", "--resume", "broken")
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(
                try bench.bytes("broken/model.safetensors")
                    == bench.bytes("whole/model.safetensors"))
            #expect(try bench.bytes("broken/metrics.jsonl") == bench.bytes("whole/metrics.jsonl"))

            let rows = try bench.hrm(
                arguments + ["--output", "rows", "--set", "freeze_weights=true"])
            #expect(rows.status == 0, "\(rows.errors)")
            let other = try bench.hrm(
                arguments + ["--output", "other", "--set", "num_heads=4"])
            expectFailure(other, mentioning: "num_heads=2", "4")
            let resume = try bench.hrm("train", "--resume", "rows", "--from-weights", "run")
            expectFailure(resume, status: 2, mentioning: "--resume continues")
            let nowhere = try bench.hrm(
                "train", "--data", "data", "--from-weights", "nowhere", "--output", "nothing")
            expectFailure(nowhere, mentioning: "nowhere")
        }
    }

    /// A sweep compares starting points like other settings.
    @Test func sweepsBeginWithWeights() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let shared = Workbench.tinySettings
                .map { "  " + $0.replacingOccurrences(of: "=", with: ": ") }.joined(separator: "\n")
            try bench.write(
                """
                data: data
                budget: 5e7
                evaluation: {points: 1, limit: 2}
                settings:
                \(shared)
                experiments:
                - name: fresh
                - name: given
                  settings: {load_checkpoint: run}
                - name: rows
                  settings: {load_checkpoint: run, freeze_weights: true}

                """, to: "sweep.yaml")
            let result = try bench.hrm("sweep", "sweep.yaml", "--output", "out", "--workers", "2")
            #expect(result.status == 0, "\(result.errors)")
            let weights = try ["fresh", "given", "rows"].map {
                try bench.bytes("out/runs/\($0)-seed0/model.safetensors")
            }
            #expect(Set(weights).count == 3)
            let again = try bench.hrm("sweep", "sweep.yaml", "--output", "out", "--workers", "2")
            #expect(again.status == 0 && again.output == result.output, "\(again.errors)")
        }
    }
}

/// Usage errors of settings, and the lists of settings.
@Suite struct SettingOptionTests {
    @Test(arguments: ["lr=abc", "lr", "hidden_sise=1", "epochs=1.5"])
    func settingsAreCheckedWithTheCommandLine(_ setting: String) throws {
        try Workbench.use { bench in
            for command in [["train", "--data", "d", "--output", "o"], ["benchmark"]] {
                let result = try bench.hrm(command + ["--set", setting])
                expectFailure(result, status: 2, mentioning: "Usage: hrm \(command[0])")
                #expect(!result.errors.contains("arch.H_cycles, arch.H_layers"))
            }
        }
    }

    @Test func presetsFitATerminal() throws {
        try Workbench.use { bench in
            let result = try bench.hrm("presets")
            #expect(result.status == 0)
            let lines = result.output.split(separator: "\n")
            for line in lines { #expect(line.count <= 100, "\(line)") }
            for words in [
                "freeze_weights  ", "load_checkpoint  ", "arch.H_cycles  ", "grid-tiny  ",
            ] {
                #expect(lines.contains { $0.hasPrefix(words) }, "\(words)")
            }
        }
    }
}

extension SweepTests {
    /// Runs are counted, not stored.
    @Test func aPlanOfManyRunsIsMadeAtOnce() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let shared = Workbench.tinySettings
                .map { "  " + $0.replacingOccurrences(of: "=", with: ": ") }.joined(separator: "\n")
            let experiments = (0..<100).map { "- name: e\($0)\n" }.joined()
            try bench.write(
                "data: data\nbudget: 5e7\nseeds: 1000\nsettings:\n\(shared)\nexperiments:\n\(experiments)",
                to: "sweep.yaml")
            let result = try bench.hrm(
                "sweep", "sweep.yaml", "--output", "out", "--plan", "--workers", "1")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("100,000 runs of seeds 0, 1, 2"))
        }
    }

    @Test(arguments: [
        ("budget: 1e7", "budget: 1e30", "pays for more than the 1000000000 steps"),
        ("budget: 1e7", "budget: 1e7\n!!float budget: 2e7", "'budget' is given twice"),
        ("settings: {}", "settings: {lr: 1, lr: 2}", "'lr' is given twice"),
        (
            "settings: {}", "settings: {H_cycles: 1, arch.H_cycles: 2}",
            "'arch.H_cycles' is given twice"
        ),
        ("settings: {}", "settings: {muon.lr: 1, muon: {lr: 1}}", "'muon.lr' is given twice"),
        ("settings: {}", "settings: {lr: {}}", "the setting lr is a list or a section"),
        ("settings: {}", "settings: {lr: &a 1}", "anchor or alias"),
    ])
    func slipsOfASweepAreRefused(old: String, new: String, words: String) throws {
        try Workbench.use { bench in
            try bench.prepare()
            let text =
                "data: data\npreset: demo\nbudget: 1e7\nsettings: {}\nexperiments: [{name: a}]\n"
            try bench.write(text.replacingOccurrences(of: old, with: new), to: "sweep.yaml")
            let result = try bench.hrm("sweep", "sweep.yaml", "--output", "out", "--plan")
            expectFailure(result, mentioning: "sweep.yaml", words)
        }
    }
}

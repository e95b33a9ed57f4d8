import Foundation
import HRMFiles
import HRMModel
import HRMTensor
import HRMTraining
import Testing
import _HRMTestSupport

@Suite struct ConfigurationFileTests {
    /// A file in the reference's form.
    static let reference = """
        arch:
          H_cycles: 1
          H_layers: 3
          L_cycles: 8
          L_layers: 2
          expansion: 2.0
          halt_exploration_prob: 0.25
          halt_max_steps: 8
          hidden_size: 96
          loss:
            loss_type: softmax_cross_entropy
            name: losses@ACTLossHead
          name: hrm.hrm_act_v1@HierarchicalReasoningModel_ACTV1
          num_heads: 6
          pos_encodings: learned
        beta1: 0.8
        beta2: 0.99
        checkpoint_path: checkpoints/some run
        data_path: data/sudoku # a comment
        entity: null
        epochs: 12
        eval_save_outputs:
        - logits
        evaluators:
        - name: arc@ARC
          passes: [1, 2]
        global_batch_size: 5
        load_checkpoint: null
        lr: 3.0e-04
        lr_min_ratio: 0.1
        lr_warmup_steps: 7
        min_eval_interval: 0
        project_name: null
        puzzle_emb_lr: 0.5
        puzzle_emb_weight_decay: 0.25
        run_name: a & b
        weight_decay: 2

        """

    static func error(_ yaml: String) -> ConfigurationFileError? {
        #expect(throws: ConfigurationFileError.self) {
            try TrainingConfiguration(yaml: yaml, path: "f")
        }
    }

    static func changed(_ line: String, to other: String) -> String {
        reference.replacingOccurrences(of: line, with: other)
    }

    @Test func theReferencesFileIsRead() throws {
        let read = try TrainingConfiguration(yaml: Self.reference, path: "f")
        var expected = TrainingConfiguration()
        expected.architecture.highCycles = 1
        expected.architecture.highLayers = 3
        expected.architecture.lowCycles = 8
        expected.architecture.lowLayers = 2
        expected.architecture.expansion = 2
        expected.architecture.haltExplorationProbability = 0.25
        expected.architecture.haltMaxSteps = 8
        expected.architecture.hiddenSize = 96
        expected.architecture.lossType = .softmaxCrossEntropy
        expected.architecture.headCount = 6
        expected.architecture.positionEncoding = .learned
        expected.architecture.puzzleEmbeddingSize = 0
        expected.beta1 = 0.8
        expected.beta2 = 0.99
        expected.dataPath = "data/sudoku"
        expected.epochs = 12
        expected.evaluationInterval = nil
        expected.checkpointsEveryEvaluation = false
        expected.globalBatchSize = 5
        expected.learningRate = 3e-4
        expected.learningRateMinimumRatio = 0.1
        expected.warmupSteps = 7
        expected.puzzleEmbeddingLearningRate = 0.5
        expected.puzzleEmbeddingWeightDecay = 0.25
        expected.weightDecay = 2
        #expect(read == expected)
    }

    @Test func theFormOfAWrittenFile() throws {
        var configuration = Preset.sudokuExtreme.configuration
        configuration.dataPath = "data/sudoku-extreme"
        configuration.architecture.normEpsilon = 2e-5
        configuration.architecture.labelSmoothing = 0.1
        configuration.evaluationInterval = nil
        configuration.muon.learningRate = 0.5
        #expect(
            try configuration.yaml() == """
                arch:
                  H_cycles: 2
                  H_layers: 4
                  L_cycles: 2
                  L_layers: 4
                  expansion: 4.0
                  halt_exploration_prob: 0.1
                  halt_max_steps: 16
                  hidden_size: 512
                  loss:
                    label_smoothing: 0.1
                    loss_type: stablemax_cross_entropy
                    name: losses@ACTLossHead
                  name: hrm.hrm_act_v1@HierarchicalReasoningModel_ACTV1
                  num_heads: 8
                  pos_encodings: rope
                  puzzle_emb_ndim: 512
                  rms_norm_eps: 2.0e-05
                beta1: 0.9
                beta2: 0.95
                checkpoint_every_eval: true
                data_path: data/sudoku-extreme
                epochs: 20000
                global_batch_size: 384
                lr: 7.0e-05
                lr_min_ratio: 1.0
                lr_warmup_steps: 2000
                muon:
                  lr: 0.5
                puzzle_emb_lr: 7.0e-05
                puzzle_emb_weight_decay: 1.0
                weight_decay: 1.0

                """)
    }

    /// The published settings as TRM's reference dumps them, with keys that only it has.
    @Test func theTinyModelsFileIsRead() throws {
        let yaml = """
            arch:
              H_cycles: 3
              H_layers: 0
              L_cycles: 6
              L_layers: 2
              expansion: 4
              forward_dtype: bfloat16
              halt_exploration_prob: 0.1
              halt_max_steps: 16
              hidden_size: 512
              loss:
                loss_type: stablemax_cross_entropy
                name: losses@ACTLossHead
              mlp_t: true
              name: recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1
              no_ACT_continue: true
              num_heads: 8
              pos_encodings: none
              puzzle_emb_len: 16
              puzzle_emb_ndim: 512
            beta1: 0.9
            beta2: 0.95
            checkpoint_every_eval: true
            data_paths:
            - data/sudoku-extreme-1k-aug-1000
            data_paths_test: []
            ema: true
            ema_rate: 0.999
            epochs: 50000
            eval_interval: 5000
            eval_save_outputs: []
            evaluators: []
            freeze_weights: false
            global_batch_size: 768
            lr: 0.0001
            lr_min_ratio: 1.0
            lr_warmup_steps: 2000
            min_eval_interval: 0
            puzzle_emb_lr: 0.0001
            puzzle_emb_weight_decay: 1.0
            seed: 0
            weight_decay: 1.0

            """
        let read = try TrainingConfiguration(yaml: yaml, path: "f")
        var expected = Preset.trmSudokuExtreme.configuration
        expected.dataPath = "data/sudoku-extreme-1k-aug-1000"
        #expect(read == expected)
        #expect(try TrainingConfiguration(yaml: read.yaml(), path: "f") == read)
    }

    @Test(arguments: [
        "data", "null", "12", "1e3", "true", "No", "~", "", " spaces ", "a: b", "a #b", "'quoted'",
        "\"double\"", "back\\slash", "line\nfeed", "ünïcode 😀", "- x", "*star", "&anchor", "[list]",
        "%tag", "@at", "`tick", "/absolute/path", "C:\\windows", "tab\there", "trailing\n",
        String(repeating: "long path ", count: 30), "{}", "!tag", "? x", ".5", "0x10", "1:30", "=",
    ])
    func textsRoundTrip(_ text: String) throws {
        var configuration = TrainingConfiguration()
        configuration.dataPath = text
        let yaml = try configuration.yaml()
        #expect(try TrainingConfiguration(yaml: yaml, path: "f") == configuration)
    }

    @Test func randomConfigurationsRoundTrip() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<50 {
            var configuration = TrainingConfiguration()
            configuration.learningRate = generator.nextUnitDouble() * 1e-3
            configuration.beta1 = generator.nextUnitDouble()
            configuration.weightDecay = generator.nextUnitDouble() * 1e-9
            configuration.puzzleEmbeddingLearningRate = 1 / generator.nextUnitDouble()
            configuration.seed = generator.next()
            configuration.evaluationInterval = Bool.random(using: &generator) ? nil : 17
            configuration.architecture.normEpsilon = 0x1p-39
            configuration.architecture.ropeTheta = 1e16
            let yaml = try configuration.yaml()
            #expect(try TrainingConfiguration(yaml: yaml, path: "f") == configuration)
        }
    }

    @Test func filesRoundTrip() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("all_config.yaml")
            try Preset.demo.configuration.write(to: url)
            #expect(try TrainingConfiguration(contentsOf: url) == Preset.demo.configuration)
            let text = try String(contentsOf: url, encoding: .utf8)
            #expect(text == (try Preset.demo.configuration.yaml()))
        }
    }

    @Test func filesThatCannotBeReadAreNamed() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("all_config.yaml")
            #expect(
                throws: ConfigurationFileError.file(
                    FileError(.read, path: url.path, reason: "No such file or directory"))
            ) { try TrainingConfiguration(contentsOf: url) }
            try Data([0x61, 0xFF]).write(to: url)
            #expect(
                throws: ConfigurationFileError.file(
                    FileError(.read, path: url.path, reason: "it is not UTF-8 text"))
            ) { try TrainingConfiguration(contentsOf: url) }
            try Data(repeating: 0x20, count: 1_048_577).write(to: url)
            #expect(
                throws: ConfigurationFileError.file(
                    FileError(
                        .read, path: url.path,
                        reason: "it has 1048577 bytes, more than 1048576 are not accepted"))
            ) { try TrainingConfiguration(contentsOf: url) }
        }
    }
}

extension ConfigurationFileTests {
    @Test func missingKeysAreNamed() {
        #expect(
            Self.error(Self.changed("epochs: 12\n", to: ""))
                == .malformed(path: "f", reason: "the key epochs is missing"))
        #expect(
            Self.error(Self.changed("  hidden_size: 96\n", to: ""))
                == .malformed(path: "f", reason: "the key arch.hidden_size is missing"))
    }

    @Test func unknownAndUnfitKeysAreNamed() {
        func setting(_ error: ConfigurationFileError?) -> ConfigurationError? {
            guard case .setting("f", let inner)? = error else { return nil }
            return inner
        }
        let unknown = setting(Self.error(Self.changed("lr: 3.0e-04", to: "lrr: 3.0e-04")))
        #expect(unknown?.key == "lrr")
        #expect(unknown?.requirement.hasPrefix("is not known; did you mean lr? ") == true)
        let short = setting(Self.error(Self.reference + "H_cycles: 2\n"))
        #expect(short?.requirement.contains("did you mean arch.H_cycles?") == true)
        let list = setting(Self.error(Self.changed("epochs: 12", to: "epochs: [12]")))
        #expect(list?.requirement.contains("must be a whole number") == true)
        let null = setting(Self.error(Self.changed("data/sudoku", to: "null")))
        #expect(null?.requirement.contains("must be a text") == true)
        let other = setting(Self.error(Self.changed("hrm.hrm_act_v1@", to: "trm.trm@")))
        #expect(other?.key == "arch.name")
        let invalid = setting(Self.error(Self.changed("num_heads: 6", to: "num_heads: 7")))
        #expect(invalid?.key == "num_heads")
    }

    @Test(arguments: [
        ("", "it has no lines of the form 'key: value'"),
        ("just text", "it has no lines of the form 'key: value'"),
        ("- a\n- b", "it has no lines of the form 'key: value'"),
        ("a: 1\na: 2", "the key 'a' is given twice; leave one of them out"),
        ("a: [1", "line 2: a list in brackets lacks a comma, or its end"),
        (
            "a: 1\n b: 2",
            "line 2: a ':' is found where no key is expected; indent the line as its neighbours, or put "
                + "quotes around the text"
        ),
        (
            "a: &x 1",
            "line 1 has an anchor or alias ('&'), which is not accepted; write the value itself, or "
                + "put quotes around a text that begins so"
        ),
        (
            "b: 1\na: *x",
            "line 2 has an anchor or alias ('*'), which is not accepted; write the value itself, or "
                + "put quotes around a text that begins so"
        ),
        ("? [1]\n: 2", "a list or a mapping is found where a key is expected"),
        ("a: 1\n---\nb: 2", "line 2: a second document begins; there must be one alone"),
    ])
    func malformedFilesAreRefused(_ yaml: String, _ reason: String) {
        #expect(Self.error(yaml) == .malformed(path: "f", reason: reason))
    }

    /// A text that would take a parser without precautions gigabytes, or its stack.
    enum Trap: CaseIterable {
        case brackets, braces, dashes, questions, indents, aliases, length

        var yaml: String {
            switch self {
            case .brackets: String(repeating: "[", count: 500_000)
            case .braces: String(repeating: "{a: ", count: 250_000)
            case .dashes: String(repeating: "- ", count: 500_000)
            case .questions: String(repeating: "? ", count: 500_000)
            case .indents: (0..<700).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
            case .aliases:
                "a0: &a0 x\n"
                    + (1..<40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
                    + "? *a39\n: 1\n"
            case .length: String(repeating: "#\n", count: 600_000)
            }
        }
    }

    @Test(arguments: Trap.allCases)
    func trapsAreRefused(_ trap: Trap) {
        guard case .malformed("f", let reason)? = Self.error(trap.yaml) else {
            Issue.record("not refused")
            return
        }
        #expect(
            reason.hasSuffix("nests too deeply") || reason.contains("an anchor or alias")
                || reason.hasSuffix("are not accepted") || reason.hasSuffix("a value is missing"))
    }

    @Test func survivesMutation() throws {
        let series = Mutations(
            "YAML configuration", count: 4000, seed: 99,
            telling: "{}[]\"',:-?&*!|>%@# \t\n\\0".utf8)
        let originals = [try Preset.demo.configuration.yaml(), Self.reference]
        let readable = try series.run(on: originals.map { Array($0.utf8) }) { round in
            do {
                let read = try TrainingConfiguration(yaml: round.text, path: "f")
                let yaml = try read.yaml()
                let again = try TrainingConfiguration(yaml: yaml, path: "f")
                #expect(again == read, "\(round.description)")
                return true
            } catch let error as ConfigurationFileError {
                #expect(!error.description.isEmpty, "\(round.description)")
                return false
            }
        }
        #expect(readable > series.count / 100 && readable < series.count)
    }
}

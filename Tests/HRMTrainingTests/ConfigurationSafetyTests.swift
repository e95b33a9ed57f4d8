import Foundation
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMTraining

/// YAML from elsewhere: what the parser alone can tell, and what would make it work without end.
@Suite struct ConfigurationSafetyTests {
    private static func reason(_ yaml: String) -> String? {
        do throws(YAMLProblem) {
            _ = try ConfigurationYAML.root(of: yaml)
            return nil
        } catch {
            return error.reason
        }
    }

    /// Marks that are parts of texts, of quotes or of comments.
    @Test(arguments: [
        "a: b *c* d", "a: 'x *y'", "a: \"x *y &z\"", "a: 1 # *see* &below", "a: b*c", "a: b&c d",
        "a: b & c", "*a: 1", "a: |\n  *b\n  &c\n", "a: >-\n  text\n  *b", "a: [b *c, d&e]",
        "'*a': 1", "a: b\n  *c", "a: \"\n  *b\"", "a: it's *b", "? a\n: b *c", "- a\n- b *c",
    ])
    func marksInTextsAreTexts(_ yaml: String) {
        #expect(Self.reason(yaml) == (yaml == "*a: 1" ? Self.refusal("*", 1) : nil))
    }

    private static func refusal(_ mark: String, _ line: Int) -> String {
        "line \(line) has an anchor or alias ('\(mark)'), which is not accepted; write the value "
            + "itself, or put quotes around a text that begins so"
    }

    @Test(arguments: [
        ("a: *b", "*", 1), ("a: &b 1", "&", 1), ("a: &b 1\nc: *b", "&", 1),
        ("a: 1\n*b : 2", "*", 2),
        ("a: [1, *b]", "*", 1), ("a: {b: *c}", "*", 1), ("- *a", "*", 1), ("? *a\n: 1", "*", 1),
        ("a: !t &b 1", "&", 1), ("a: &b !t 1", "&", 1), ("a: &b\n  c: 1", "&", 1),
        // Hidden in what becomes a text when the other kind of mark is disarmed.
        ("a: &b {c: *d}", "&", 1), ("a: &b [*d, *d]", "&", 1), ("a: &b \"*c\"\nd: *b", "&", 1),
        // Line ends of YAML that are none elsewhere.
        ("a:\u{85}  *b", "*", 2), ("a:\u{2028}  &b c", "&", 2), ("a:\r  *b", "*", 2),
        ("a: &b x\n# *\nc: d", "&", 1), ("a: 'x'\nb: *c # &d", "*", 2),
    ])
    func anchorsAndAliasesAreFound(_ yaml: String, _ mark: String, _ line: Int) throws {
        let reason = try #require(Self.reason(yaml))
        #expect(reason.contains("has an anchor or alias ('\(mark)')"), "\(reason)")
        #expect(reason.hasPrefix("line \(line) "), "\(reason)")
    }

    /// Texts that multiply at every level, in all the places where a text filter may not look.
    @Test(arguments: ["\n", "\u{85}", "\u{2028}", "\u{2029}", "\r"], ["[", "{? "])
    func textsDoNotMultiply(lineEnd: String, open: String) {
        let close = open == "[" ? "]" : "}"
        var lines = ["a0: &a0 x"]
        for level in 1..<40 {
            let two =
                open == "[" ? "*a\(level - 1), *a\(level - 1)" : "[*a\(level - 1), *a\(level - 1)]"
            lines.append("a\(level):\(lineEnd)  &a\(level) \(open)\(two)\(close)")
        }
        lines.append("? *a39\(lineEnd): 1")
        #expect(Self.reason(lines.joined(separator: lineEnd))?.contains("anchor") == true)
    }

    @Test(arguments: [
        String(repeating: "[", count: 900), String(repeating: "{a: ", count: 900),
        String(repeating: "- ", count: 900) + "x", String(repeating: "? ", count: 900) + "x",
        String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
        String(repeating: "[", count: 5000), String(repeating: "- ", count: 5000),
    ])
    func nestingHasABound(_ yaml: String) throws {
        let reason = try #require(Self.reason(yaml))
        #expect(!reason.contains("yaml") && !reason.contains("level reached"), "\(reason)")
        #expect(
            reason.hasSuffix("nests too deeply") || reason.hasSuffix("a value is missing"),
            "\(reason)")
    }

    /// Many sections beside each other are no deep ones, and an indented text nests nothing.
    @Test func breadthIsNoDepth() {
        let flow = (0..<500).map { "- {name: e\($0), settings: {lr: 1, muon: {lr: 1}}}\n" }.joined()
        #expect(Self.reason(flow) == nil)
        #expect(Self.reason("a: |\n" + String(repeating: " ", count: 90) + "x\n") == nil)
        #expect(Self.reason("a: 1\n" + String(repeating: " ", count: 90) + "# x\n") == nil)
        let deepest = YAMLSafety.deepest - 1
        #expect(
            Self.reason(
                String(repeating: "[", count: deepest) + "x"
                    + String(repeating: "]", count: deepest)
            ) == nil)
    }

    @Test(arguments: ["a,", "a\n", "[],", "{},", "- ", "a: 1\n"])
    func itemsHaveABound(_ item: String) {
        let text = "a: [" + String(repeating: item, count: 250_000) + "]"
        #expect(Self.reason(text)?.contains("more than 200000 lines and items") == true)
    }

    /// No sentence is the parser's own.
    @Test(arguments: [
        "a: [1", "a: {b", "a: 1\n b: 2", "a\nb: 1", "a: 'x", "a: \"\\q\"", "a: @x", "a: `x",
        "a:\n\tb: 1", "- a\nb: 1", "a: - b", "a: \u{1}", "a: 1\n---\nb: 2", "%YAML 9.9\n---\na: 1",
        "a: !<x", "a: !t! b", "a: |0\n b", "a: %b", "a: ]", "}", "a: \"\\ud800\"", "a: 1\nb",
        "? a: b: c",
        "a: !%ff b", "%TAG ! x\n%TAG ! y\n--- a", "a: \"x\n---\n\"", "a: 'x' y",
    ])
    func theParsersWordsAreNotShown(_ yaml: String) throws {
        guard let reason = Self.reason(yaml) else {
            #expect(yaml == "a: !%ff b" || yaml == "a: !t! b", "\(yaml)")
            return
        }
        for word in [
            "did not", "found", "expected ", "context", "block", "token", "octet", "YamlError",
        ] {
            #expect(
                !reason.contains(word) || reason.contains("key is expected")
                    || reason.contains("list is expected"), "\(reason)")
        }
    }
}

/// A key twice, and values that are no values.
extension ConfigurationSafetyTests {
    private static let written = """
        arch:
          H_cycles: 1
          H_layers: 1
          L_cycles: 1
          L_layers: 1
          expansion: 1.0
          halt_exploration_prob: 0.1
          halt_max_steps: 2
          hidden_size: 16
          loss:
            loss_type: softmax_cross_entropy
          num_heads: 2
          pos_encodings: learned
        beta1: 0.9
        beta2: 0.95
        data_path: data
        epochs: 1
        global_batch_size: 4
        lr: 1.0e-3
        lr_min_ratio: 1.0
        lr_warmup_steps: 0
        puzzle_emb_lr: 0.1
        puzzle_emb_weight_decay: 0.1
        weight_decay: 0.1

        """

    private static func error(_ more: String) -> String? {
        do throws(ConfigurationFileError) {
            _ = try TrainingConfiguration(yaml: written + more, path: "f")
            return nil
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("arch.hidden_size: 128", "arch.hidden_size"), ("lr: 2", "lr"),
        ("arch.loss.loss_type: x", "arch.loss"),
        ("muon:\n  lr: 1\nmuon.lr: 1", "muon.lr"),
        ("guard: {action: stop}\nguard.action: stop", "guard.action"),
        // Equal keys that a parser tells apart, by a tag or by quotes.
        ("!!int seed: 1\nseed: 2", "seed"), ("!!int run_name: a\nrun_name: b", "run_name"),
    ])
    func aKeyTwiceIsRefused(_ lines: String, _ key: String) throws {
        #expect(Self.error("") == nil)
        let error = try #require(Self.error(lines + "\n"))
        #expect(error.contains("the key '\(key)") && error.contains("is given twice"), "\(error)")
    }

    @Test func twoNamesOfTheFolderAreTold() throws {
        let error = try #require(Self.error("data_paths: [a]\n"))
        #expect(
            error.contains("data_path and data_paths both name the data's folder; keep data_path"),
            "\(error)")
    }

    @Test(arguments: [
        ("seed: !foo 5", "!foo"), ("!x seed: 1", "!x"), ("ema: !!python/bool true", "python/bool"),
        ("muon: !m {lr: 0.1}", "!m"), ("evaluators: !list []", "!list"), ("run_name: !a b", "!a"),
    ])
    func unknownTagsAreRefused(_ line: String, _ tag: String) throws {
        let error = try #require(Self.error(line + "\n"))
        #expect(error.contains("line 25 has the tag '") && error.contains(tag), "\(error)")
    }

    @Test func yamlsOwnTagsAreTaken() {
        #expect(Self.error("seed: !!int 5\nema: !!bool true\nrun_name: ! a\n") == nil)
        #expect(Self.error("muon: !!map {lr: !!float 0.1}\nevaluators: !!seq []\n") == nil)
        #expect(Self.error("run_name: '!foo a'\nhydra: a !b\n") == nil)
    }

    /// Null means that a key is not set, where a file without it asks for nothing.
    @Test(arguments: ["~", "null", ""])
    func nullIsNotSet(_ null: String) {
        for key in [
            "freeze_weights", "ema", "stagger_slots", "arch.mlp_t", "arch.relations",
            "checkpoint_every_eval", "arch.no_ACT_continue", "min_eval_interval",
        ] {
            #expect(Self.error("\(key): \(null)\n") == nil, "\(key)")
        }
        #expect(Self.error("seed: \(null)\n")?.contains("seed=") == true)
        #expect(Self.error("ema: 'null'\n")?.contains("ema=null does not fit") == true)
    }

    @Test(arguments: ["seed", "lr_decay_share", "ema", "eval_interval", "augment"])
    func aSectionIsNoValue(_ key: String) throws {
        let error = try #require(Self.error("\(key): {}\n"))
        #expect(error.contains("\(key)={} does not fit"), "\(error)")
    }

    @Test func emptySectionsOfSettingsSayNothing() {
        #expect(Self.error("muon: {}\nguard: {}\nhydra: {}\nevaluators: {}\n") == nil)
        #expect(Self.error("moon: {}\n")?.contains("moon={} is not known") == true)
    }

    @Test(arguments: [
        ("seed: ${x}", "seed is '${x}'"), ("seed: ${oc.env:SEED}", "an interpolation of OmegaConf"),
        ("load_checkpoint: ${checkpoint_path}/a", "load_checkpoint is"),
        ("muon: {lr: \"${lr}\"}", "muon.lr=${lr} does not fit"),
        ("evaluators:\n- a\n- ${b}", "evaluators is '${b}'"),
        ("defaults:\n- arch: trm", "a Hydra defaults list"),
        ("defaults: [a]", "a Hydra defaults list"),
    ])
    func whatHydraWouldReplaceIsSaid(_ lines: String, _ words: String) throws {
        let error = try #require(Self.error(lines + "\n"))
        #expect(error.contains(words), "\(error)")
    }

    @Test func namesMayHaveInterpolations() {
        #expect(Self.error("run_name: ${now:%Y}\ndefaults: []\n") == nil)
    }

    /// Keys that only TRM's files have; null, empty and false values ask for nothing.
    @Test(arguments: [
        ("data_paths_test: [a]", true), ("min_eval_interval: 3", true),
        ("arch.act_enabled: false", true),
        ("evaluators:\n- name: arc@ARC", false), ("eval_save_outputs: [logits]", false),
        ("arch.act_inference: true", false),
    ])
    func foreignKeysThatAskForSomething(_ lines: String, _ isRefused: Bool) throws {
        let file = try ConfigurationFile(yaml: Self.written + lines + "\n", path: "f")
        #expect(file.unmet.count == 1 && file.unmet[0].isRefusal == isRefused)
        let key = String(lines.prefix { $0 != ":" })
        #expect(file.unmet[0].description.hasPrefix("\(key)="))
        let error = Self.error(lines + "\n")
        #expect((error != nil) == isRefused)
        #expect(error?.hasPrefix("f: \(key)=") ?? true, "\(error as Any)")
    }

    @Test func foreignKeysThatAskForNothing() throws {
        let yaml =
            Self.written + """
                checkpoint_path: checkpoints/a b
                data_paths_test: []
                entity: somebody
                eval_save_outputs: []
                evaluators: []
                freeze_weights: false
                load_checkpoint: null
                min_eval_interval: 0
                project_name: p
                run_name: r
                arch.act_enabled: True
                arch.act_inference: False

                """
        let file = try ConfigurationFile(yaml: yaml, path: "f")
        #expect(file.unmet.isEmpty)
        #expect(file.configuration == (try TrainingConfiguration(yaml: Self.written, path: "f")))
        let null = yaml.replacingOccurrences(
            of: "min_eval_interval: 0", with: "min_eval_interval: null")
        #expect(try ConfigurationFile(yaml: null, path: "f").unmet.isEmpty)
    }

    @Test func severalDataFoldersAreNoOne() throws {
        let yaml = Self.written.replacingOccurrences(
            of: "data_path: data", with: "data_paths: [a, b]")
        let file = try ConfigurationFile(yaml: yaml, path: "f")
        #expect(file.configuration.dataPath == "a")
        #expect(throws: ConfigurationFileError.self) { try file.trainable() }
        #expect(file.unmet[0].description.contains("[a, b] is more than one folder"))
    }
}

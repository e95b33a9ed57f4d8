import Foundation
import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMFiles
@testable import HRMInference

@Suite struct ArchitectureRecordTests {
    private static func configuration(
        _ change: (inout HRMConfiguration) -> Void
    ) -> HRMConfiguration {
        var configuration = HRMConfiguration()
        change(&configuration)
        return configuration
    }

    /// Architectures that together give every key a value other than the default one.
    static let architectures: [HRMConfiguration] = [
        HRMConfiguration(), TinyPuzzles.architecture,
        configuration {
            $0.family = .tiny
            $0.highLayers = 0
            $0.lowLayers = 2
            $0.highCycles = 3
            $0.lowCycles = 6
            $0.ignoresContinue = true
            $0.mixesPositions = true
            $0.positionEncoding = .none
            $0.puzzleEmbeddingLength = 16
            $0.haltMaxSteps = 1
        },
        configuration {
            $0.family = .tiny
            $0.hiddenSize = 36
            $0.headCount = 1
            $0.puzzleEmbeddingSize = 0
            $0.positionEncoding = .none
            $0.relations = [.row, .column, .left]
            $0.boardColumns = 7
            $0.symbolCount = 4
            $0.gradientApplications = 6
            $0.lossType = .softmaxCrossEntropy
            $0.labelSmoothing = 0.125
            $0.lossStepWeight = 0.7
            $0.zeroInitializesOutputs = true
            $0.haltExplorationProbability = 0
        },
        configuration {
            $0.family = .tiny
            $0.hiddenSize = 36
            $0.headCount = 1
            $0.puzzleEmbeddingSize = 0
            $0.positionEncoding = .none
            $0.relations = [.row, .column]
            $0.symbolCount = 4
            $0.ignoresContinue = true
            $0.lossType = .softmaxCrossEntropy
            $0.inputEncoding = .candidates
            $0.keepWeight = 3
            $0.strikeWeight = 0.25
            $0.choiceWeight = 0.2
            $0.conflictWeight = 0.1
            $0.searchThoughts = 2
        },
        configuration {
            $0.family = .transformer
            $0.highLayers = 8
            $0.lowLayers = 0
            $0.expansion = 8.0 / 3
            $0.forwardPrecision = .float32
            $0.normEpsilon = 1e-12
            $0.ropeTheta = 1e30
            $0.puzzleEmbeddingSize = 100
        },
    ]

    private static func values(_ configuration: HRMConfiguration) throws -> [String: Any] {
        let data = Data(try ArchitectureRecord.json(configuration).utf8)
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private static func read(_ values: [String: Any]) throws -> HRMConfiguration {
        let data = try JSONSerialization.data(withJSONObject: values)
        return try ArchitectureRecord.architecture(
            json: String(decoding: data, as: UTF8.self), path: "f")
    }

    /// The sentence with which a record is refused.
    private static func refusal(_ read: () throws -> HRMConfiguration) -> String {
        do {
            _ = try read()
            return "it is read"
        } catch {
            #expect(error is CheckpointError)
            return "\(error)"
        }
    }

    @Test(arguments: architectures)
    func jsonRoundTrips(_ architecture: HRMConfiguration) throws {
        try architecture.validate()
        let json = try ArchitectureRecord.json(architecture)
        #expect(try ArchitectureRecord.architecture(json: json, path: "f") == architecture)
        // All keys are there, sorted, whatever their values are.
        let keys = HRMConfiguration.settings.map { String($0.key.dropFirst("arch.".count)) }
        #expect(try Set(Self.values(architecture).keys) == Set(keys))
        #expect(try ArchitectureRecord.json(architecture) == json)
    }

    @Test func everyKeyIsVaried() throws {
        let all = try Self.architectures.map { try Self.values($0) }
        for key in all[0].keys where key != "loss.name" {
            #expect(Set(all.map { "\($0[key] ?? "")" }).count > 1, "\(key)")
        }
    }

    /// Keys without a value that earlier versions implied are required.
    @Test func missingKeysAreImpliedOrNamed() throws {
        let whole = try Self.values(HRMConfiguration())
        var required = 0
        for setting in HRMConfiguration.settings {
            var part = whole
            part[String(setting.key.dropFirst("arch.".count))] = nil
            if setting.fallback == nil {
                required += 1
                #expect(
                    Self.refusal { try Self.read(part) } == "f: the key \(setting.key) is missing")
            } else {
                var expected = HRMConfiguration()
                #expect(setting.write(&expected, try #require(setting.fallback)))
                #expect(try Self.read(part) == expected, "\(setting.key)")
            }
        }
        #expect(required > 8)
        #expect(Self.refusal { try Self.read([:]) }.contains("is missing"))
    }

    /// The defaults of a family's reference.
    @Test func missingKeysDependOnTheFamily() throws {
        var values = try Self.values(HRMConfiguration())
        for key in ["L_cycles", "L_layers", "no_ACT_continue", "puzzle_emb_len"] {
            values[key] = nil
        }
        values["name"] = ModelFamily.transformer.rawValue
        let transformer = try Self.read(values)
        #expect(transformer.lowLayers == 0 && transformer.lowCycles == 1)
        values["L_cycles"] = 6
        values["L_layers"] = 2
        values["name"] = ModelFamily.tiny.rawValue
        let tiny = try Self.read(values)
        #expect(tiny.ignoresContinue && tiny.puzzleEmbeddingLength == 16)
        values["puzzle_emb_ndim"] = 0
        #expect(try Self.read(values).puzzleEmbeddingLength == 0)
    }

    @Test func unknownKeysAreNamed() throws {
        var values = try Self.values(HRMConfiguration())
        // Of no effect here.
        values["act_enabled"] = true
        values["act_inference"] = false
        #expect(try Self.read(values) == HRMConfiguration())
        values["hidden_sizes"] = 512
        #expect(Self.refusal { try Self.read(values) } == "f: arch.hidden_sizes is not known here")
        values["hidden_sizes"] = nil
        values["a\u{1B}"] = 1
        #expect(!Self.refusal { try Self.read(values) }.contains("\u{1B}"))
    }

    @Test func wrongValuesAreNamed() throws {
        let wrong: [(String, Any, String)] = [
            ("hidden_size", "wide", "arch.hidden_size is 'wide', which is not a whole number"),
            ("hidden_size", 1.5, "arch.hidden_size is '1.5', which is not a whole number"),
            ("hidden_size", true, "arch.hidden_size is 'true', which is not a whole number"),
            ("hidden_size", NSNull(), "arch.hidden_size is 'null', which is not a whole number"),
            ("hidden_size", -1, "hidden_size"), ("num_heads", 7, "num_heads"),
            ("expansion", "big", "arch.expansion is 'big', which is not a number"),
            ("mlp_t", 1, "arch.mlp_t is '1', which is not true or false"),
            ("pos_encodings", "sine", "arch.pos_encodings is 'sine', which is not one of"),
            ("relations", "row,diagonal", "arch.relations is 'row,diagonal', which is not none"),
            ("loss.name", "mse", "arch.loss.name is 'mse', which is not losses@ACTLossHead"),
            ("name", "llama", "arch.name is 'llama', which is not one of"),
            ("name", String(repeating: "x", count: 1000), "x', which is not one of"),
            ("H_cycles", [2], "hrm.architecture"), ("H_cycles", ["n": 2], "hrm.architecture"),
        ]
        for (key, value, words) in wrong {
            var values = try Self.values(HRMConfiguration())
            values[key] = value
            let sentence = Self.refusal { try Self.read(values) }
            #expect(sentence.hasPrefix("f: ") && sentence.contains(words), "\(sentence)")
            #expect(sentence.count < 400)
        }
        for text in ["", "[]", "{", "null", #"{"hidden_size":1,"hidden_size":2}"#] {
            let sentence = Self.refusal {
                try ArchitectureRecord.architecture(json: text, path: "f")
            }
            #expect(
                sentence.hasPrefix("f: its metadata 'hrm.architecture' are not usable: "),
                "\(text): \(sentence)")
        }
    }

    @Test func theReferencesConfigurationIsRead() throws {
        #expect(
            try ArchitectureRecord.architecture(yaml: ReferenceConfiguration.tiny, path: "f")
                == TinyPuzzles.architecture)
        var expected = HRMConfiguration()
        expected.family = .tiny
        expected.lowLayers = 2
        expected.highLayers = 0
        (expected.highCycles, expected.lowCycles) = (3, 6)
        expected.ignoresContinue = true
        expected.puzzleEmbeddingLength = 16
        #expect(
            try ArchitectureRecord.architecture(yaml: ReferenceConfiguration.trm, path: "f")
                == expected)
    }

    @Test func otherConfigurationsAreRefused() {
        func refusal(_ old: String, _ new: String) -> String {
            let text = ReferenceConfiguration.tiny.replacing(old, with: new)
            #expect(text != ReferenceConfiguration.tiny)
            return Self.refusal { try ArchitectureRecord.architecture(yaml: text, path: "f") }
        }
        #expect(refusal("  hidden_size: 16\n", "") == "f: the key arch.hidden_size is missing")
        #expect(
            refusal("hidden_size: 16", "hidden_size: wide").contains(
                "arch.hidden_size is 'wide', which is not a whole number"))
        #expect(refusal("arch:", "model:").contains("has no section 'arch'"))
        #expect(refusal("H_layers", "H_layer") == "f: arch.H_layer is not known here")
        let flow = refusal("H_cycles: 1", "H_cycles: [1]")
        #expect(flow.contains("line 2 has '['") && flow.contains("'hrm convert'"))
        #expect(
            Self.refusal { try ArchitectureRecord.architecture(yaml: "", path: "f") }
                .contains("has no section 'arch'"))
    }

    /// Their metadata have the training's configuration alone.
    @Test func filesOfEarlierVersionsAreRead() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("model.safetensors")
            let model = TinyPuzzles.model()
            try ModelFile(model: model, trainingSettings: ReferenceConfiguration.tiny)
                .write(to: url)
            var file = try SafetensorsFile(contentsOf: url)
            file.metadata["hrm.architecture"] = nil
            try file.write(to: url)
            let read = try ModelFile(contentsOf: url)
            #expect(read.model.configuration == model.configuration)
            #expect(read.model.parameters.values == model.parameters.values)
            #expect(read.trainingSettings == ReferenceConfiguration.tiny)

            file.metadata["hrm.configuration"] = "arch: {}"
            try file.write(to: url)
            #expect {
                try ModelFile(contentsOf: url)
            } throws: { "\($0)".contains("no section 'arch'") }
        }
    }

    /// Nothing of the training's configuration is needed beside the architecture.
    @Test func theArchitectureIsTakenFirst() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("model.safetensors")
            let model = TinyPuzzles.model()
            try ModelFile(model: model, trainingSettings: "not YAML: [").write(to: url)
            let read = try ModelFile(contentsOf: url)
            #expect(read.model.configuration == model.configuration)
            #expect(read.trainingSettings == "not YAML: [")
        }
    }

    /// Mutated JSON gives an architecture that is valid and comes back, or a typed error.
    @Test func survivesMutation() throws {
        let originals = try Self.architectures.map { Array(try ArchitectureRecord.json($0).utf8) }
        let series = Mutations(
            "architecture record", count: 2000, seed: 32,
            telling: "{}[]\",:0129-.eE\\truefalsn".utf8)
        let readable = try series.run(on: originals) { round in
            let architecture: HRMConfiguration
            do {
                architecture = try ArchitectureRecord.architecture(json: round.text, path: "f")
            } catch {
                return false
            }
            try architecture.validate()
            let json = try ArchitectureRecord.json(architecture)
            #expect(
                try ArchitectureRecord.architecture(json: json, path: "f") == architecture,
                "\(round.description)")
            return true
        }
        #expect(readable > 0 && readable < series.count)
    }
}

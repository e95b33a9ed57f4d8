import Foundation
import HRMData
import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMFiles
@testable import HRMInference

/// Weights of other programs, weights without settings, and weights that are no numbers.
@Suite struct WeightsKindTests {
    private static var original: ModelFile {
        ModelFile(model: TinyPuzzles.model())
    }

    /// The sentence with which a file of these bytes is refused.
    private static func refusal(_ name: String, _ bytes: [UInt8]) throws -> String {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent(name)
            try Data(bytes).write(to: url)
            var sentences: Set<String> = []
            let readers: [() throws -> Void] = [
                { _ = try ModelFile(contentsOf: url) }, { _ = try WeightsFile(contentsOf: url) },
            ]
            for read in readers {
                do {
                    try read()
                    sentences.insert("accepted")
                } catch {
                    sentences.insert("\(error)".replacingOccurrences(of: folder.path, with: ""))
                }
            }
            #expect(sentences.count == 1, "\(sentences)")
            return sentences.sorted().joined(separator: "; ")
        }
    }

    @Test func otherFormatsAreNamedWithTheRemedy() throws {
        let gguf = Array("GGUF".utf8) + [3, 0, 0, 0, 1, 0, 0, 0]
        #expect(try Self.refusal("m.gguf", gguf).contains("m.gguf is a GGUF file; it is not of a"))
        let packed = try Self.refusal("step_1.gz", [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5])
        #expect(packed.contains("is a gzip archive; unpack it first with 'gunzip step_1.gz'"))
        let index = Array(#"{"weight_map": {"a": "model-00001-of-00002.safetensors"}}"#.utf8)
        let listed = try Self.refusal("model.safetensors.index.json", index)
        #expect(listed.contains("is an index of weights that lie in several files"))
        #expect(listed.contains("hrm convert"))
        let pickle: [UInt8] = [0x80, 2] + Array("}.".utf8)
        #expect(try Self.refusal("m.pkl", pickle).contains("is a Python pickle"))
        let text = try Self.refusal("notes.txt", Array("hello".utf8))
        #expect(text.contains("is text; weights are read from a safetensors file, a PyTorch file"))
        var writer = ZipWriter()
        writer.append("w.npy", Data([1]))
        let arrays = try Self.refusal("m.npz", Array(writer.finished().joined()))
        #expect(arrays.contains("is a NumPy archive (.npz); write its arrays in Python"))
        #expect(arrays.contains("numpy.load('m.npz')"))
        #expect(try Self.refusal("empty", []).contains("truncated"))
        let unknown = try Self.refusal("noise", [0, 1, 2, 3])
        #expect(unknown.contains("noise is of an unknown format; weights are read from"))
    }

    /// A header of 384 bytes begins with 0x80, as a pickle does, and one of 640 with 0x80 2.
    @Test(arguments: [0x80, 0x180, 0x280, 0x380, 0x480, 0x580])
    func lengthsThatLookLikeAPickle(_ length: Int) throws {
        try withScratchFolder { folder in
            let entry = #""w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
            let header =
                "{\(entry)" + String(repeating: " ", count: length - entry.utf8.count - 2) + "}"
            var bytes: [UInt8] = []
            bytes.append(length, width: 8)
            let url = folder.appendingPathComponent("model.safetensors")
            try Data(bytes + Array(header.utf8) + [0, 0, 0x80, 0x3F]).write(to: url)
            let weights = try WeightsFile(contentsOf: url)
            #expect(weights.format == .safetensors && weights.tensors["w"]?.floats() == [1])
        }
    }

    /// A checkpoint of the reference, or somebody's safetensors file, with its settings beside it.
    @Test(arguments: ["step_3", "weights.safetensors", "wrapped.ckpt"])
    func settingsBesideTheFileAreUsed(_ name: String) throws {
        try withScratchFolder { folder in
            let original = Self.original
            let url = folder.appendingPathComponent(name)
            var plain = SafetensorsFile()
            for (name, tensor) in original.model.namedTensors {
                plain["model.inner." + name] = tensor
            }
            switch name {
            case "step_3": try original.pyTorchFile(names: .reference).write(to: url)
            case "weights.safetensors": try plain.write(to: url)
            default: try Self.wrapped(original, in: url)
            }
            #expect(throws: CheckpointError.missingSettings(path: url.path)) {
                try ModelFile(contentsOf: url)
            }
            try Data(ReferenceConfiguration.tiny.utf8).write(
                to: folder.appendingPathComponent("all_config.yaml"))
            for trainable in [false, true] {
                let read = try ModelFile(contentsOf: url, trainable: trainable)
                #expect(read.model.parameters.values == original.model.parameters.values)
                #expect(read.model.isTrainable == trainable)
                #expect(read.model.configuration == original.model.configuration)
                #expect(read.task == .sudoku(.four))
                let note = read.notes.joined()
                #expect(note.contains(name) && note.contains("all_config.yaml beside it"))
                #expect(note.contains("under 'state_dict'") == (name == "wrapped.ckpt"))
            }
            // A file of our own needs no word.
            let own = folder.appendingPathComponent("own.safetensors")
            try original.write(to: own)
            #expect(try ModelFile(contentsOf: own).notes.isEmpty)
        }
    }

    /// Writes `{"epoch": 1, "state_dict": …}`.
    private static func wrapped(_ file: ModelFile, in url: URL) throws {
        let archive = try ZipArchive(file.pyTorchFile(names: .reference).encoded())
        var writer = ZipWriter()
        for entry in archive.entries {
            var content = try archive.content(of: entry)
            if entry.name.hasSuffix("data.pkl") {
                // Both keys are shorter than 256 bytes.
                func text(_ text: String) -> [UInt8] {
                    [0x58, UInt8(text.utf8.count), 0, 0, 0] + Array(text.utf8)
                }
                let start = [0x80, 2] + Array("}(".utf8) + text("epoch") + [0x4B, 1]
                let inner = Array(content.dropFirst(2).dropLast())
                content = Data(start + text("state_dict") + inner + Array("u.".utf8))
            }
            writer.append(entry.name, content)
        }
        try Data(writer.finished().joined()).write(to: url)
    }

    @Test func foldersNameTheWeightsInThem() throws {
        try withScratchFolder { folder in
            #expect(throws: CheckpointError.folderWithoutModel(path: folder.path)) {
                try ModelFile(contentsOf: folder)
            }
            for name in ["all_config.yaml", "step_20", "step_10", "notes", "m.pt"] {
                try Data().write(to: folder.appendingPathComponent(name))
            }
            let error = CheckpointError.folderOfWeights(
                path: folder.path, files: ["m.pt", "step_10", "step_20"])
            #expect(throws: error) { try ModelFile(contentsOf: folder) }
            #expect("\(error)".contains("not a run folder"))
        }
    }

    @Test(arguments: [
        "lm_head.weight", "puzzle_emb.weights", "H_init", "q_head.bias",
        "L_level.layers.0.mlp.down_proj.weight",
    ])
    func weightsThatAreNoNumbersAreNamed(_ name: String) throws {
        let cases: [(value: Float, precision: ActivationPrecision)] = [
            (.nan, .float32), (.infinity, .float32), (-Float.infinity, .bfloat16),
        ]
        for (value, precision) in cases {
            try withScratchFolder { folder in
                var configuration = TinyPuzzles.architecture
                configuration.forwardPrecision = precision
                var generator = SeededGenerator(seed: 1)
                let model = HierarchicalReasoningModel(
                    configuration: configuration,
                    dimensions: TinyPuzzles.model().dimensions, using: &generator)
                let url = folder.appendingPathComponent("model.safetensors")
                try ModelFile(model: model).write(to: url)
                var file = try SafetensorsFile(contentsOf: url)
                let tensor = try file.tensor(name)
                var values = tensor.floats()
                values[values.count - 1] = value
                file[name] =
                    tensor.elementType == .bfloat16
                    ? .bfloat16(values, shape: tensor.shape) : .float32(values, shape: tensor.shape)
                try file.write(to: url)
                let expected = CheckpointError.notFinite(path: url.path, name: name)
                #expect(throws: expected) { try ModelFile(contentsOf: url) }
                let weights = try WeightsFile(contentsOf: url)
                #expect(throws: expected) {
                    try WeightsImport(architecture: configuration).model(from: weights)
                }
            }
        }
    }

    @Test func foreignNumbersInAWeightAreNamed() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("model.safetensors")
            try Self.original.write(to: url)
            var bytes = try Data(contentsOf: url)
            let old = Data(#""q_head.bias":{"dtype":"F32""#.utf8)
            let new = Data(#""q_head.bias":{"dtype":"X32""#.utf8)
            let place = try #require(bytes.range(of: old))
            bytes.replaceSubrange(place, with: new)
            try bytes.write(to: url)
            #expect(
                throws: CheckpointError.file(
                    .unknownElementType(
                        path: url.path, name: "q_head.bias", elementType: "X32"))
            ) { try ModelFile(contentsOf: url) }
        }
    }

    /// The system's words, and never those of Foundation.
    @Test func filesThatCannotBeOpened() throws {
        try withScratchFolder { folder in
            let file = folder.appendingPathComponent("file")
            try Data("x".utf8).write(to: file)
            let loop = folder.appendingPathComponent("loop")
            try FileManager.default.createSymbolicLink(at: loop, withDestinationURL: loop)
            for (url, words) in [
                (folder.appendingPathComponent("none"), "No such file or directory"),
                (file.appendingPathComponent("below"), "Not a directory"),
                (loop, "symbolic links"),
                (folder.appendingPathComponent(String(repeating: "x", count: 300)), "too long"),
            ] {
                let readers: [() throws -> Void] = [
                    { _ = try SafetensorsFile(contentsOf: url) },
                    { _ = try PyTorchFile(contentsOf: url) },
                    { _ = try NPYFile(contentsOf: url) }, { _ = try WeightsFile(contentsOf: url) },
                ]
                for read in readers {
                    do {
                        try read()
                        Issue.record("\(url.path) is accepted")
                    } catch {
                        let text = "\(error)"
                        #expect(text.contains(words), "\(text)")
                        #expect(!text.contains("Cocoa") && !text.contains("operation"), "\(text)")
                    }
                }
            }
        }
    }

    /// Names in files are anybody's; a terminal would obey their control characters.
    @Test func namesDoNotReachATerminalAsTheyAre() {
        let differences = TensorDifferences(missing: ["a\u{9B}b"], unexpected: ["\u{0}"])
        let errors: [any Error] = [
            CheckpointError.otherTensors(path: "f", differences),
            CheckpointError.notFinite(path: "f", name: "\u{7F}"),
            ConversionError.ambiguousName(path: "f", name: "\u{1B}"),
        ]
        for error in errors {
            let text = "\(error)"
            #expect(text.contains("\\u{"))
            #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control })
        }
    }
}

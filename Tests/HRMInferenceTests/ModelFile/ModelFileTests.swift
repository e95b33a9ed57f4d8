import Foundation
import HRMData
import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMFiles
@testable import HRMInference

@Suite struct ModelFileTests {
    @Test(arguments: ActivationPrecision.allCases)
    func aModelComesBackWithEveryBit(_ precision: ActivationPrecision) throws {
        try withScratchFolder { folder in
            var configuration = TinyPuzzles.architecture
            configuration.forwardPrecision = precision
            var generator = SeededGenerator(seed: 3)
            let model = HierarchicalReasoningModel(
                configuration: configuration,
                dimensions: TinyPuzzles.model().dimensions, using: &generator)
            let url = folder.appendingPathComponent("model.safetensors")
            try ModelFile(model: model).write(to: url)
            let read = try ModelFile(contentsOf: url)
            #expect(read.model.configuration == configuration)
            #expect(read.model.dimensions == model.dimensions)
            for entry in model.layout.entries + model.layout.buffers {
                #expect(
                    read.model.tensor(entry)?.values == model.tensor(entry)?.values,
                    "\(entry.name)")
            }
            // The packed copies are what the model computes with.
            let puzzle = [Int32](repeating: 1, count: 16)
            #expect(
                try PuzzleReasoner(model: read.model).solve(tokens: puzzle)
                    == PuzzleReasoner(model: model).solve(tokens: puzzle))
        }
    }

    @Test func aModelRemembersItsPuzzle() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("model.safetensors")
            let task = PuzzleTask.grid(
                GridTask(
                    alphabet: .numbers(4), canvas: try GridCanvas(rows: 2, columns: 8)))
            for (task, expected) in [(task, task), (nil, PuzzleTask.sudoku(.four))] {
                try ModelFile(
                    model: TinyPuzzles.model(),
                    task: task
                ).write(to: url)
                #expect(try ModelFile(contentsOf: url).task == expected)
            }
        }
        try expectRefusal("hrm.task") { $0.metadata["hrm.task"] = #"{"task":"chess"}"# }
        try expectRefusal("hrm.task") { $0.metadata["hrm.task"] = #"{"task":"maze","size":9}"# }
    }

    @Test func theReferencesNamesAreUsed() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("model.safetensors")
            try ModelFile(model: TinyPuzzles.model())
                .write(to: url)
            let names = try SafetensorsFile(contentsOf: url).names
            #expect(names.contains("H_level.layers.0.self_attn.qkv_proj.weight"))
            #expect(names.contains("puzzle_emb.weights"))
            #expect(names.contains("H_init"))
        }
    }

    @Test func aFileWithoutItsConfigurationIsRefused() throws {
        try expectRefusal("does not hold the settings of its run") {
            $0.metadata["hrm.architecture"] = nil
        }
        try expectRefusal("hrm.architecture") { $0.metadata["hrm.architecture"] = "{" }
        try expectRefusal("the key arch.H_cycles is missing") {
            $0.metadata["hrm.architecture"] = "{}"
        }
        try expectRefusal("arch.hidden_sizes is not known") {
            $0.metadata["hrm.architecture"] = #"{"hidden_sizes":16}"#
        }
        try expectRefusal("hrm.dimensions") { $0.metadata["hrm.dimensions"] = nil }
        try expectRefusal("hrm.dimensions") { $0.metadata["hrm.dimensions"] = "{}" }
        try expectRefusal("hrm.dimensions") {
            $0.metadata["hrm.dimensions"] =
                #"{"vocab_size":6,"seq_len":1000000000,"num_puzzle_identifiers":1}"#
        }
    }

    @Test func tensorsMustBeTheModels() throws {
        try expectRefusal("'lm_head.weight'") { $0["lm_head.weight"] = nil }
        try expectRefusal("'stranger'") { $0["stranger"] = .float32([1], shape: [1]) }
        try expectRefusal("[2, 16]") {
            $0["lm_head.weight"] = .float32([Float](repeating: 0, count: 32), shape: [2, 16])
        }
    }

    @Test func differencesOfTensorsAreListed() {
        let differences = TensorDifferences(
            missing: ["a", "b"], unexpected: ["c"],
            misshapen: [.init(name: "w", expected: [2, 3], found: [3])])
        #expect(
            "\(CheckpointError.otherTensors(path: "m", differences))"
                == "m: its tensors are not those of the model: missing 'a', 'b'; unexpected 'c'; "
                + "'w' has shape [3] and needs [2, 3]; was it written with another configuration "
                + "or data set?")
    }

    /// Bytes from anywhere give a model or a typed error, never a trap.
    @Test func survivesMutation() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("model.safetensors")
            try ModelFile(model: TinyPuzzles.model())
                .write(to: url)
            let whole = Array(try Data(contentsOf: url))
            // The header and the first bytes behind it: beyond are only numbers.
            let header = 8 + Int(whole[0]) + Int(whole[1]) << 8
            let series = Mutations(
                "model file", count: 400, seed: 2026, telling: "{}[]\",:0129-\\n ".utf8,
                slowness: 10)
            try series.run(on: [whole], prefix: header) { round in
                try Data(round.bytes).write(to: url)
                do {
                    _ = try ModelFile(contentsOf: url)
                    return true
                } catch {
                    #expect(
                        error is CheckpointError || error is ConfigurationError,
                        "\(round.description): \(error)")
                    return false
                }
            }
        }
    }

    private func expectRefusal(
        _ words: String, change: (inout SafetensorsFile) -> Void,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("model.safetensors")
            try ModelFile(model: TinyPuzzles.model())
                .write(to: url)
            var file = try SafetensorsFile(contentsOf: url)
            change(&file)
            try file.write(to: url)
            do {
                _ = try ModelFile(contentsOf: url)
                Issue.record("the file was accepted", sourceLocation: sourceLocation)
            } catch let error as CheckpointError {
                #expect("\(error)".contains(words), sourceLocation: sourceLocation)
            }
        }
    }
}

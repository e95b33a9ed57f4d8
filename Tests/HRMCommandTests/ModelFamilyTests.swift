import Foundation
import Testing

/// The command with every family of models, from data to an answer.
@Suite struct ModelFamilyTests {
    static let presets = ["trm-small", "trm-sudoku-attention", "transformer-sudoku-extreme"]

    /// Settings that make a preset small enough for a test.
    private static let tiny = [
        "hidden_size=16", "num_heads=2", "expansion=1", "global_batch_size=4",
        "forward_dtype=float32", "puzzle_emb_ndim=16",
    ].flatMap { ["--set", $0] }

    @Test(arguments: presets)
    func trainsEvaluatesAndSolves(preset: String) throws {
        try Workbench.use { bench in
            try bench.prepare()
            let train = ["train", "--data", "data", "--preset", preset] + Self.tiny
            let trained = try bench.hrm(train + ["--output", "run", "--steps", "3"])
            #expect(trained.status == 0, "\(trained.errors)")
            #expect(
                trained.errors.contains(
                    preset.hasPrefix("trm") ? "2 layers in both roles" : "8 layers, run once"))
            let records = try bench.metrics("run")
            #expect(records.compactMap { $0["step"] as? Int }.prefix(3) == [1, 2, 3])
            // None of these models trains q_continue.
            #expect(records.allSatisfy { $0["q_continue_loss"] == nil })

            let evaluated = try bench.hrm(
                "evaluate", "--halt", "never", "--checkpoint", "run", "--data", "data", "--json")
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            #expect(try evaluated.json["count"] as? Int == 10)
            let solved = try bench.hrm("solve", "--checkpoint", "run", EndToEndTests.puzzle)
            #expect(solved.status == 0, "\(solved.errors)")
            #expect(solved.output.contains("steps") || solved.output.contains("1 step"))
        }
    }

    /// A resumed run is bit-identical to an uninterrupted one, averages included.
    @Test func aTinyModelGoesOn() throws {
        try Workbench.use { bench in
            try bench.prepare()
            func train(_ output: String, _ more: String...) throws {
                let result = try bench.hrm(
                    ["train", "--data", "data", "--preset", "trm-small", "--output", output]
                        + Self.tiny + more)
                try #require(result.status == 0, "\(result.errors)")
            }
            try train("whole", "--steps", "5")
            try train("parts", "--steps", "3", "--checkpoint-steps", "1")
            let resumed = try bench.hrm(
                "train", "--resume", "parts", "--steps", "5")
            try #require(resumed.status == 0, "\(resumed.errors)")
            #expect(
                try bench.bytes("parts/model.safetensors")
                    == bench.bytes("whole/model.safetensors"))
        }
    }

    @Test func theMixingsSpeedIsMeasured() throws {
        try Workbench.use { bench in
            let arguments =
                ["benchmark", "--preset", "trm-small", "--batch", "3", "--seconds", "0.01"]
                + Self.tiny
            let result = try bench.hrm(arguments + ["--json"])
            #expect(result.status == 0, "\(result.errors)")
            let report = try result.json
            for key in [
                "inference_mixing_gflops", "inference_mixing_peak_share",
                "training_mixing_gflops", "training_mixing_peak_share",
            ] {
                #expect((report[key] as? Double ?? 0) > 0, "\(key)")
            }
            let table = try bench.hrm(arguments)
            #expect(table.output.contains("token mixing in it"), "\(table.output)")
            #expect(table.output.contains("token_mixing"))
        }
    }
}

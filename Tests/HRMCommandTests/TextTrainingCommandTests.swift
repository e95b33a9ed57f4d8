import Foundation
import Testing

/// Trainings, comparisons, measurements and the demonstration of text models by the real program.
@Suite struct TextTrainingCommandTests {
    private static let size = [
        "--hidden-size", "16", "--inner-size", "24", "--heads", "2", "--head-size", "8",
        "--batch-size", "4", "--context", "32", "--workers", "2",
    ]

    private static func writeExamples(in bench: Workbench) throws {
        try bench.write(
            """
            {"prompt": "a", "answer": "b"}
            {"question": "b", "answer": "cc"}
            {"prompt": "cd", "answer": "a"}
            """ + "\n", to: "data.jsonl")
    }

    @Test(arguments: [SIGKILL, SIGTERM])
    func aStoppedTrainingContinuesWithTheSameBits(signal: Int32) throws {
        try Workbench.use { bench in
            try Self.writeExamples(in: bench)
            let start = ["train-text", "--data", "data.jsonl", "--test", "data.jsonl"] + Self.size
            let whole = try bench.hrm(
                start + ["--output", "whole", "--steps", "200", "--lr", "0.02", "--json"])
            #expect(whole.status == 0, "\(whole.errors)")
            #expect(try whole.json["exact_accuracy"] as? Double == 1)
            #expect(try whole.json["steps"] as? Int == 200)
            // The learning rate depends on the number of steps, so both runs have the same.
            let killed = try Conversation(
                start + [
                    "--output", "parts", "--steps", "200", "--lr", "0.02", "--checkpoint-every",
                    "10", "--evaluate-every", "20",
                ], in: bench)
            #expect(killed.line().hasPrefix("step 20: exact"))
            killed.send(signal)
            _ = try killed.finish()
            let rest = try bench.hrm("train-text", "--resume", "parts", "--json")
            #expect(rest.status == 0, "\(rest.errors)")
            for name in ["model.safetensors", "tokenizer.json", "config.json"] {
                #expect(try bench.bytes("parts/\(name)") == bench.bytes("whole/\(name)"))
            }
            let answer = try bench.hrm("generate", "--model", "whole", "b")
            #expect(answer.output == "cc\n", "\(answer.errors)")
            expectFailure(
                try bench.hrm("train-text", "--resume", "whole"), mentioning: "is finished")
            // The metrics have a line for each step, as in an uninterrupted run.
            func steps(_ run: String) throws -> [Substring] {
                String(decoding: try bench.bytes("\(run)/metrics.jsonl"), as: UTF8.self)
                    .split(separator: "\n").filter { $0.contains("train/lm_loss") }
            }
            #expect(try steps("parts") == steps("whole") && steps("whole").count == 200)
        }
    }

    @Test func textsAreReadCausally() throws {
        try Workbench.use { bench in
            try bench.write(String(repeating: "abcabd ", count: 30), to: "text.txt")
            let result = try bench.hrm(
                ["train-text", "--data", "text.txt", "--output", "run", "--steps", "3", "--json"]
                    + ["--vocabulary", "290"] + Self.size)
            #expect(result.status == 0, "\(result.errors)")
            let configuration = String(
                decoding: try bench.bytes("run/config.json"), as: UTF8.self)
            #expect(configuration.contains("\"prefix_lm\": false"))
            let perplexity = try bench.hrm(
                "evaluate-text", "--model", "run", "--perplexity", "--json", "text.txt")
            #expect(perplexity.status == 0, "\(perplexity.errors)")
        }
    }

    @Test func wrongTrainingsAreExplained() throws {
        try Workbench.use { bench in
            try Self.writeExamples(in: bench)
            let data = ["train-text", "--data", "data.jsonl", "--output", "run"]
            for (arguments, words) in [
                (["--precision", "bfloat16"], "use float32"),
                (["--hidden-size", "15"], "multiple"),
                (["--batch-size", "0"], "the batch size is 0"),
                (["--resume", "run"], "--resume continues"),
                (["--tokenizer", "t", "--vocabulary", "300"], "not both"),
            ] {
                let result = try bench.hrm(data + arguments)
                #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
            }
            expectFailure(try bench.hrm(data + ["--context", "3"]), mentioning: "example 1")
            expectFailure(try bench.hrm(data + ["--vocabulary", "5"]), mentioning: "287")
            #expect(!FileManager.default.fileExists(atPath: bench.url("run").path))
            let run = try bench.hrm(data + ["--steps", "2", "--json"] + Self.size)
            #expect(run.status == 0, "\(run.errors)")
            expectFailure(try bench.hrm(data), mentioning: "run", "exists")
            try bench.write("{\"prompt\": \"a\", \"answer\": \"c\"}\n", to: "data.jsonl")
            expectFailure(
                try bench.hrm("train-text", "--resume", "run"), mentioning: "was changed")
            try bench.write("{\"kind\": \"text\"}", to: "run/run.json")
            expectFailure(try bench.hrm("train-text", "--resume", "run"), mentioning: "run.json")
        }
    }

    @Test func comparesModelsAtEqualOperations() throws {
        try Workbench.use { bench in
            let arguments =
                [
                    "compare-text", "--flop", "2e7", "--largest", "9", "--examples", "60",
                    "--examined", "20", "--seeds", "2", "--models", "loops,transformer,deep",
                ] + Self.size
            let result = try bench.hrm(arguments + ["--json"])
            #expect(result.status == 0, "\(result.errors)")
            let models = try #require(try result.json["models"] as? [[String: Any]])
            #expect(
                models.compactMap { $0["model"] as? String } == ["loops", "transformer", "deep"])
            let runs = models.compactMap { $0["runs"] as? [[String: Any]] }
            #expect(runs.allSatisfy { $0.count == 2 })
            let parameters = runs.map { $0[0]["parameters"] as? Int }
            #expect(parameters[0] == parameters[1])
            for run in runs.joined() {
                let spent = try #require(run["flop"] as? Double)
                #expect(spent >= 2e7 && spent < 3e7)
            }
            let steps = runs.compactMap { $0[0]["steps"] as? Int }
            #expect(steps[1] > steps[0], "\(steps)")
            let table = try bench.hrm(arguments)
            #expect(table.output.contains("transformer"), "\(table.output)")
            let unknown = try bench.hrm("compare-text", "--models", "x")
            #expect(unknown.status == 2 && unknown.errors.contains("'x' is none of the models"))
        }
    }

    @Test func demonstrationOfTextKeepsAModel() throws {
        try Workbench.use { bench in
            let arguments = [
                "demo", "--task", "text", "--steps", "4", "--training-puzzles", "60",
                "--test-puzzles", "20", "--workers", "2", "--seed", "3",
            ]
            let result = try bench.hrm(arguments + ["--output", "model"])
            #expect(result.status == 0, "\(result.errors)")
            for words in [
                "1. Texts", "60 problems to learn from", "before the first step", "step 4, loss",
                "Of 20 problems it had never seen", "4. One problem, pass by pass", "L1.1",
            ] {
                #expect(result.output.contains(words), "\(words)")
            }
            let answer = try bench.hrm(
                "generate", "--model", "model", "--max-tokens", "4", "two plus two")
            #expect(answer.status == 0, "\(answer.errors)")
            let first = try bench.hrm(arguments + ["--json"])
            let second = try bench.hrm(arguments + ["--json"])
            #expect(try first.json["count"] as? Int == 20)
            #expect(try first.json["accuracy"] as? Double == second.json["accuracy"] as? Double)
            let size = try bench.hrm("demo", "--task", "text", "--size", "4")
            #expect(size.status == 2 && size.errors.contains("--size is for puzzles"))
        }
    }

    @Test func measuresARandomModel() throws {
        try Workbench.use { bench in
            let create = try bench.hrm(
                "benchmark-text", "--model", "random", "--create", "tiny", "--rounds", "0")
            #expect(create.status == 0 && create.output.isEmpty, "\(create.errors)")
            let result = try bench.hrm(
                "benchmark-text", "--model", "random", "--prompt", "20", "--tokens", "2", "--batch",
                "3", "--rounds", "1", "--json")
            #expect(result.status == 0, "\(result.errors)")
            let json = try result.json
            #expect(json["prompt_tokens"] as? Int == 20 && json["batch"] as? Int == 3)
            // One block of each stack: 4 · 2 · 32 · 64, 64 · 64, 3 · 64 · 128 weights in 8 passes,
            // and the head, in bfloat16.
            #expect(json["weight_bytes_per_token"] as? Int == 2 * (8 * 45_056 + 512 * 64))
            #expect(json["batch_gain"] is Double && json["decode_bandwidth_share"] is Double)
            expectFailure(
                try bench.hrm("benchmark-text", "--model", "random", "--create", "tiny"),
                mentioning: "exists already")
            let clock = try bench.hrm(
                "benchmark-text", "--model", "random", "--clock", "cpu", "--workers", "2")
            #expect(clock.status == 2 && clock.errors.contains("--workers 1"))
        }
    }

    @Test func drawsThePasses() throws {
        try Workbench.use { bench in
            try TinyTextModel.write(in: bench)
            let result = try bench.hrm(
                "generate", "--model", "model", "--svg", "a.svg", "--png", "a.png", "q")
            #expect(result.status == 0 && result.output == "hi\n", "\(result.errors)")
            let svg = String(decoding: try bench.bytes("a.svg"), as: UTF8.self)
            #expect(svg.contains("tokens 1 to 2"))
            for glyph in [">L1<", ">L3<", ">H<", ">h<", ">i<"] { #expect(svg.contains(glyph)) }
            #expect(try bench.bytes("a.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
            let many = try bench.hrm(
                "generate", "--model", "model", "--prompts", "x", "--svg", "a.svg")
            #expect(many.status == 2 && many.errors.contains("one answer"))
        }
    }
}

import Foundation
import Testing

/// The results of `hrm evaluate`, and the lines that name the weights and the options.
@Suite struct EvaluateCommandTests {
    private static let evaluate = ["evaluate", "--data", "data", "--checkpoint"]

    @Test func itMeasuresAsSolveThinks() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let usual = try bench.hrm(Self.evaluate + ["run", "--limit", "2", "--json"])
            #expect(usual.status == 0, "\(usual.errors)")
            let json = try usual.json
            let plan = try #require(json["plan"] as? [String: Any])
            let solve = ["solve", "--checkpoint", "run", "--json", EndToEndTests.puzzle]
            let solved = try #require(try bench.hrm(solve).json["plan"] as? [String: Any])
            #expect(plan["max_steps"] as? Int == 64 && solved["max_steps"] as? Int == 64)
            #expect(plan["restarts"] as? Int == 15 && solved["restarts"] as? Int == 15)
            #expect(
                plan["halt"] as? String == "converged" && solved["halt"] as? String == "converged")
            #expect(json["copy_accuracy"] as? Double == 0.5)
            #expect(json["exact_first"] as? Double != nil && json["valid"] as? Double != nil)
            let sets = try #require(json["sets"] as? [String: [String: Any]])
            #expect(sets["all"]?["count"] as? Int == 2)

            let text = try bench.hrm(Self.evaluate + ["run", "--limit", "2"]).output
            let lines = text.split(separator: "\n")
            #expect(lines[0] == "Weights: run/model.safetensors, those of the last step")
            #expect(
                lines[1]
                    == "at most 64 steps, halting: converged; at most 15 restarts; noise 1.0")
            #expect(text.contains("first attempt, within 3 steps, as many as in training"))

            let reference = try bench.hrm(Self.evaluate + ["run", "--halt", "never"]).output
            #expect(reference.contains("\n3 steps for every attempt, halting: never\n"))
            #expect(reference.contains("lm_loss") && reference.contains("\nvalid "))
            let never = try bench.hrm(Self.evaluate + ["run", "--halt", "never", "--json"]).json
            #expect((never["plan"] as? [String: Any])?["max_steps"] as? Int == 3)
            let long =
                Self.evaluate + [
                    "run", "--halt", "never", "--thinking-steps", "5", "--json",
                ]
            #expect((try bench.hrm(long).json["plan"] as? [String: Any])?["max_steps"] as? Int == 5)
        }
    }

    @Test func neitherBatchSizeNorWorkersNorOrderMatter() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            // No answer converges in one step, so every puzzle has three attempts.
            let thinking = [
                "--thinking-steps", "1", "--restarts", "2", "--noise", "3", "--votes", "2",
            ]
            func report(_ more: String...) throws -> NSDictionary {
                var json = try bench.hrm(Self.evaluate + ["run", "--json"] + thinking + more).json
                json["seconds"] = nil
                return json as NSDictionary
            }
            let first = try report()
            #expect(first["total_steps"] as? Double == 6)
            #expect(try report("--batch-size", "1") == first)
            #expect(try report("--batch-size", "7", "--workers", "1") == first)

            let puzzles = [
                "1...2.......3...", "....4.......1..2", ".2.....3...1....",
                "3......."
                    + "....1..2", "4.2.....1.......",
            ]
            func answers(_ lines: [String], _ more: String...) throws -> [String: Set<String>] {
                let json = try bench.hrm(
                    ["solve", "--checkpoint", "run", "--json", "-"] + thinking + more,
                    input: lines.joined(separator: "\n")
                ).json
                let solved = try #require(json["puzzles"] as? [[String: Any]])
                #expect(solved.count == lines.count)
                return Dictionary(grouping: solved) { $0["puzzle"] as? String ?? "" }.mapValues {
                    Set($0.map { "\($0["answer"] ?? "") \($0["confidence"] ?? "")" })
                }
            }
            let expected = try answers(puzzles)
            #expect(expected.count == 5 && expected.values.allSatisfy { $0.count == 1 })
            #expect(try answers(Array(puzzles.reversed())) == expected)
            #expect(try answers([puzzles[3]] + puzzles + puzzles, "--batch-size", "2") == expected)
            #expect(
                try answers([puzzles[4]], "--workers", "1")
                    == expected.filter { $0.key == puzzles[4] })
        }
    }

    @Test func itSaysWhichWeightsAreMeasured() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let trained = try bench.train(steps: 3, output: "run", "--set", "ema=true")
            #expect(trained.status == 0, "\(trained.errors)")
            func first(_ checkpoint: String) throws -> (line: String, kind: String?) {
                let options = [checkpoint, "--limit", "1", "--halt", "never"]
                let text = try bench.hrm(Self.evaluate + options).output
                let json = try bench.hrm(Self.evaluate + options + ["--json"]).json
                let weights = json["weights"] as? [String: Any]
                return (
                    String(text.prefix { !$0.isNewline }), weights?["kind"] as? String
                )
            }
            #expect(
                try first("run") == (
                    "Weights: run/model_ema.safetensors, their average over the steps; the last "
                        + "ones are in model.safetensors", "average"
                ))
            #expect(
                try first("run/model.safetensors") == (
                    "Weights: run/model.safetensors, those of the last step; their average is in "
                        + "model_ema.safetensors", "last"
                ))
            #expect(
                try first("run/best.safetensors") == (
                    "Weights: run/best.safetensors, those of the best evaluation", "best"
                ))
            try FileManager.default.copyItem(
                at: bench.url("run/model.safetensors"), to: bench.url("other.safetensors"))
            #expect(try first("other.safetensors") == ("Weights: other.safetensors", "file"))
            #expect(
                try first("sudoku-4x4")
                    == ("Weights: sudoku-4x4, a model that comes with hrm", "shipped"))
        }
    }

    @Test func aBetterEvaluationIsNamed() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let options = ["--limit", "1", "--halt", "never"]
            func text(_ checkpoint: String) throws -> String {
                try bench.hrm(Self.evaluate + [checkpoint] + options).output
            }
            #expect(!(try text("run").contains("Note:")))
            func line(_ step: Int, _ exact: Double) -> String {
                "{\"step\":\(step),\"all.count\":10,\"all.exact_accuracy\":\(exact)}\n"
            }
            try bench.write(line(1000, 0.75) + line(2000, 0.5), to: "run/metrics.jsonl")
            for checkpoint in ["run", "run/", "run/model.safetensors"] {
                #expect(
                    try text(checkpoint).hasSuffix(
                        "Note: in training, an earlier evaluation was better: exact_accuracy 0.7500 "
                            + "after step 1,000, 0.5000 after step 2,000; to use its weights: hrm "
                            + "evaluate --checkpoint run/best.safetensors --data data\n"))
            }
            #expect(!(try text("run/best.safetensors").contains("Note:")))
            let json = try bench.hrm(Self.evaluate + ["run", "--json"] + options).json
            let better = try #require(json["better_evaluation"] as? [String: Any])
            #expect(better["step"] as? Int == 1000 && better["last_value"] as? Double == 0.5)
            try bench.write("no metrics\n", to: "run/metrics.jsonl")
            #expect(!(try text("run").contains("Note:")))
            try FileManager.default.moveItem(at: bench.url("run"), to: bench.url("a run's"))
            try bench.write(line(1, 0.75) + line(2, 0.5), to: "a run's/metrics.jsonl")
            #expect(
                try text("a run's").contains("--checkpoint 'a run'\\''s/best.safetensors' --data"))
        }
    }

    /// The data set has one of two solutions; both are valid by the rules.
    @Test func answersThatTheRulesAcceptAreCounted() throws {
        try Workbench.use { bench in
            let rows = [
                ("....43.1.2...41.", "2134432112433412"), (".3.441.2.......3", "2314413234211243"),
            ]
            let file =
                "source,question,answer,rating\n"
                + rows.map { "own,\($0.0),\($0.1),0\n" }.joined()
            try bench.write(file, to: "puzzles.csv")
            let prepared = try bench.hrm(
                "prepare", "sudoku", "--train", "puzzles.csv", "--test", "puzzles.csv", "--output",
                "data")
            #expect(prepared.status == 0, "\(prepared.errors)")
            for options in [[], ["--halt", "never"]] {
                let arguments = Self.evaluate + ["sudoku-4x4"] + options
                let json = try bench.hrm(arguments + ["--json"]).json
                let valid = try #require(json["valid"] as? Double)
                let exact = try #require(json["exact_accuracy"] as? Double)
                #expect(valid >= exact)
                let text = try bench.hrm(arguments).output
                #expect(text.contains("of the puzzles, by the rules: any solution counts"))
            }
        }
    }
}

import Foundation
import Testing

@Suite struct ExplainTests {
    private static let explain = ["explain", "--checkpoint", "run", "--data", "data"]

    @Test func agreesWithTheEvaluation() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let evaluated = try bench.hrm(
                "evaluate", "--halt", "never", "--checkpoint", "run", "--data", "data", "--json"
            ).json
            let explained = try bench.hrm(Self.explain + ["--json", "--batch-size", "4"])
            #expect(explained.status == 0, "\(explained.errors)")
            let object = try explained.json
            #expect(object["count"] as? Int == 10 && object["split"] as? String == "test")
            let steps = try #require(object["steps"] as? [[String: Any]])
            #expect(steps.compactMap { $0["step"] as? Int } == [1, 2, 3])
            for key in ["accuracy", "exact_accuracy"] {
                let last = try #require(steps.last?[key] as? Double)
                let whole = try #require(evaluated[key] as? Double)
                #expect(abs(last - whole) < 1e-9)
            }
            for step in steps {
                #expect((step["updates"] as? [Any])?.count == 2)
                #expect((0...log(6.0)).contains(step["mean_entropy"] as? Double ?? -1))
            }
            let calibration = try #require(object["calibration"] as? [String: Any])
            #expect(calibration["count"] as? Int == 30)
            #expect((calibration["bins"] as? [Any])?.count == 10)
            let difficulty = try #require(object["difficulty"] as? [String: Any])
            #expect(difficulty["name"] as? String == "blanks")
            let values = try #require(difficulty["values"] as? [[String: Any]])
            // Eight of sixteen cells are given.
            #expect(values.compactMap { $0["value"] as? Int } == [8])
            #expect((values[0]["halted"] as? [Int])?.count == 3)
        }
    }

    @Test func tablesAndFigures() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let files = ["--svg", "a.svg", "--png", "a.png"]
            let shown = try bench.hrm(
                Self.explain + files + [
                    "--examples", "6", "--thinking-steps", "5", "--halt", "0.001",
                    "--difficulty", "guesses",
                ])
            #expect(shown.status == 0, "\(shown.errors)")
            for words in [
                "6 puzzles, 5 thinking steps each", "After each step", "L 1.1", "H 1",
                "Halting (rule: 0.001) by difficulty (guesses of a solver)",
                "would take 1.00 steps a puzzle", "95 % interval", "Brier score",
            ] {
                #expect(shown.output.contains(words), "\(words) in \(shown.output)")
            }
            let svg = String(decoding: try bench.bytes("a.svg"), as: UTF8.self)
            for words in [
                "What is right after each step", "How far the states move within each step",
                "How far each update moves its state", "StepOutput and success by difficulty",
                "Does the model know how sure it may be?", "guesses of a solver 0",
            ] {
                #expect(svg.contains(words), "\(words)")
            }
            #expect(try bench.bytes("a.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
            let again = try bench.hrm(Self.explain + ["--examples", "6", "--svg", "b.svg"])
            #expect(again.status == 0)
            // The same default as in the other commands.
            #expect(again.output.contains("Halting (rule: converged) by difficulty"))
            _ = try bench.hrm(Self.explain + ["--examples", "6", "--svg", "c.svg"])
            #expect(try bench.bytes("b.svg") == bench.bytes("c.svg"))
        }
    }

    @Test func badRequests() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            for options in [
                ["--examples", "0"], ["--halt", "maybe"], ["--difficulty", "taste"],
                ["--thinking-steps", "0"],
            ] {
                #expect(try bench.hrm(Self.explain + options).status == 2)
            }
            expectFailure(
                try bench.hrm(Self.explain + ["--png", "none/a.png"]), mentioning: "none/a.png")
            let other = try bench.hrm(
                "prepare", "maze", "--generate", "6", "--test-size", "3", "--size", "4", "--output",
                "mazes")
            try #require(other.status == 0)
            expectFailure(
                try bench.hrm(
                    "explain", "--checkpoint", "run", "--data", "mazes", "--difficulty", "guesses"),
                mentioning: "for Sudokus")
            expectFailure(
                try bench.hrm("explain", "--checkpoint", "run", "--data", "none"),
                mentioning: "none")
        }
    }

    @Test func mazesAreMeasuredByTheirWay() throws {
        try Workbench.use { bench in
            let prepared = try bench.hrm(
                "prepare", "maze", "--generate", "12", "--test-size", "6", "--size", "5",
                "--output", "data")
            try #require(prepared.status == 0, "\(prepared.errors)")
            _ = try bench.train()
            let object = try bench.hrm(Self.explain + ["--json"]).json
            let difficulty = try #require(object["difficulty"] as? [String: Any])
            #expect(difficulty["name"] as? String == "length of the way")
            let values = try #require(difficulty["values"] as? [[String: Any]])
            #expect(values.allSatisfy { (1...24).contains($0["value"] as? Int ?? 0) })
            #expect(values.reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == 6)
        }
    }
}

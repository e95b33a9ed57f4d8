import Foundation
import Testing

/// Traces of `hrm solve`.
@Suite struct TraceTests {
    private static let puzzle = "1...3..2.1..4..1"
    private static let solve = ["solve", "--checkpoint", "run", "--halt", "never"]

    /// Prepares a model with two slow cycles of two fast updates each.
    private func prepare(_ bench: Workbench) throws {
        try bench.prepare()
        let trained = try bench.train(
            "--set", "H_cycles=2", "--set", "L_cycles=2")
        try #require(trained.status == 0, "\(trained.errors)")
    }

    private func text(_ bench: Workbench, _ path: String) throws -> String {
        String(decoding: try bench.bytes(path), as: UTF8.self)
    }

    @Test func stepsAndCyclesAgreeWithTheAnswer() throws {
        try Workbench.use { bench in
            try prepare(bench)
            let plain = try bench.hrm(Self.solve + [Self.puzzle])
            let steps = try bench.hrm(Self.solve + ["--trace", Self.puzzle])
            let named = try bench.hrm(Self.solve + ["--trace=steps", Self.puzzle])
            let cycles = try bench.hrm(Self.solve + ["--trace=cycles", Self.puzzle])
            for result in [plain, steps, cycles] { #expect(result.status == 0, "\(result.errors)") }
            #expect(steps.output == named.output)
            for result in [steps, cycles] {
                #expect(result.output.hasSuffix("\n" + plain.output), "\(result.output)")
                #expect(!result.output.contains("\u{1B}"))
            }
            for words in ["step 3: ", "z_H moves", "entropy"] {
                #expect(steps.output.contains(words), "\(steps.output)")
            }
            #expect(!steps.output.contains("L 1.1"))
            for words in ["step 3, cycle 2: ", "L 1.2", "H 2", "whole step"] {
                #expect(cycles.output.contains(words), "\(cycles.output)")
            }
        }
    }

    @Test func json() throws {
        try Workbench.use { bench in
            try prepare(bench)
            func trace(_ option: String) throws -> [[String: Any]] {
                let object = try bench.hrm(Self.solve + ["--json", option, Self.puzzle]).json
                let puzzle = try #require((object["puzzles"] as? [[String: Any]])?.first)
                return try #require(puzzle["trace"] as? [[String: Any]])
            }
            let steps = try trace("--trace")
            let cycles = try trace("--trace=cycles")
            #expect(steps.count == 3 && cycles.count == 3)
            let limit = log(6.0) + 1e-6
            var before = Array(Self.puzzle)
            for (step, detailed) in zip(steps, cycles) {
                var same = detailed
                let updates = try #require(same.removeValue(forKey: "updates") as? [[String: Any]])
                #expect(NSDictionary(dictionary: step) == NSDictionary(dictionary: same))
                let entropy = try #require(step["entropy"] as? [Double])
                #expect(entropy.count == 16 && entropy.allSatisfy { (0...limit).contains($0) })
                #expect(step["high_change"] as? Double ?? 0 > 0)
                #expect(step["low_change"] as? Double ?? 0 > 0)
                #expect(
                    updates.map { $0["loop"] as? String }
                        == ["fast", "fast", "slow", "fast", "fast", "slow"])
                #expect(updates.map { $0["cycle"] as? Int } == [1, 1, 1, 2, 2, 2])
                for update in updates {
                    let board = Array(try #require(update["board"] as? String))
                    let changed = try #require(update["changed"] as? [Int])
                    #expect(update["change"] as? Double ?? 0 > 0)
                    // Boards are read from the slow state.
                    guard update["loop"] as? String == "slow" else {
                        #expect(changed.isEmpty)
                        continue
                    }
                    #expect(board.indices.filter { board[$0] != before[$0] } == changed)
                    before = board
                }
                #expect(updates.last?["board"] as? String == step["board"] as? String)
            }
        }
    }

    @Test func pictures() throws {
        try Workbench.use { bench in
            try prepare(bench)
            let files = ["--svg", "a.svg", "--png", "a.png", "--animation", "a.gif"]
            let drawn = try bench.hrm(Self.solve + ["--trace=cycles"] + files + [Self.puzzle])
            #expect(drawn.status == 0, "\(drawn.errors)")
            let sheet = try text(bench, "a.svg")
            // Puzzle and scale, then a board and a map for each of six slow updates, and charts.
            let groups = sheet.components(separatedBy: "<g transform=").count - 1
            #expect(groups == 2 * (1 + 6) + 2, "\(sheet.prefix(2000))")
            for words in ["step 3, cycle 2", "How far the states move", "scale: 0 to 1.79"] {
                #expect(sheet.contains(words), "\(words)")
            }
            #expect(try bench.bytes("a.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
            #expect(try bench.bytes("a.gif").starts(with: Data("GIF89a".utf8)))

            // With only an animation, the printed output is that without one.
            let plain = try bench.hrm(Self.solve + [Self.puzzle])
            let film = try bench.hrm(Self.solve + ["--animation", "b.svg", Self.puzzle])
            #expect(film.output == plain.output)
            let frames = try text(bench, "b.svg").components(separatedBy: "<animate ").count - 1
            #expect(frames == 1 + 3)
        }
    }

    @Test func manyPuzzlesAreDrawnInPart() throws {
        try Workbench.use { bench in
            try prepare(bench)
            let puzzles = [String](repeating: Self.puzzle, count: 12)
            let drawn = try bench.hrm(Self.solve + ["--trace", "--svg", "a.svg"] + puzzles)
            #expect(drawn.status == 0)
            #expect(drawn.errors.contains("the first 10 traces are drawn, 2 are not"))
        }
    }

    @Test func badRequests() throws {
        try Workbench.use { bench in
            try prepare(bench)
            for (options, words) in [
                (["--trace=circles"], "use steps or cycles"), (["--trace="], "use steps or cycles"),
                (["--animation", "a.mp4"], ".svg or .gif"),
            ] {
                let result = try bench.hrm(Self.solve + options + [Self.puzzle])
                #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
            }
            let nowhere = try bench.hrm(
                Self.solve + ["--animation", "none/a.gif", Self.puzzle])
            expectFailure(nowhere, mentioning: "none/a.gif", "cannot be written")
            let nothing = try bench.hrm(Self.solve + ["--animation", "a.gif", "1."])
            #expect(nothing.status == 1 && nothing.errors.contains("nothing to draw"))
            #expect(try !bench.listing().contains("a.gif"))
        }
    }

    @Test func mazesHaveTraces() throws {
        try Workbench.use { bench in
            let prepared = try bench.hrm(
                "prepare", "maze", "--generate", "12", "--test-size", "6", "--size", "5",
                "--output", "data")
            try #require(prepared.status == 0, "\(prepared.errors)")
            _ = try bench.train()
            let maze = "S...##.#.......#.#.#....G"
            let drawn = try bench.hrm(
                Self.solve + ["--trace", "--animation", "a.svg", "--svg", "b.svg", maze])
            #expect(drawn.status == 0, "\(drawn.errors)")
            #expect(try text(bench, "b.svg").contains("entropy"))
            #expect(try text(bench, "a.svg").contains(">S</text>"))
        }
    }
}

import Foundation
import Testing

/// Puzzles and answers of all kinds as pictures.
@Suite struct PictureTests {
    private func svg(_ bench: Workbench, _ path: String) throws -> String {
        String(decoding: try bench.bytes(path), as: UTF8.self)
    }

    private func pictures(in svg: String) -> Int {
        svg.components(separatedBy: "<g transform").count - 1
    }

    @Test func sudokus() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let evaluate = ["evaluate", "--halt", "never", "--checkpoint", "run", "--data", "data"]
            let plain = try Program.run(evaluate, in: bench.folder)
            let drawn = try Program.run(
                evaluate + ["--svg", "a.svg", "--png", "a.png"], in: bench.folder)
            #expect(drawn.status == 0, "\(drawn.errors)")
            #expect(drawn.output == plain.output)
            let sheet = try svg(bench, "a.svg")
            #expect(pictures(in: sheet) == 3 * 10)
            // The model has not learned anything in three steps.
            #expect(sheet.contains("#e00000") && sheet.contains(" wrong</text>"))
            #expect(try bench.bytes("a.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))

            let shown = try Program.run(
                evaluate + ["--examples", "2", "--limit", "6"], in: bench.folder)
            for words in ["example 0", "example 3", "right answer", "│"] {
                #expect(shown.output.contains(words), "\(shown.output)")
            }
            #expect(!shown.output.contains("example 1"))
            let json = try Program.run(
                evaluate + ["--examples", "2", "--svg", "b.svg", "--json"], in: bench.folder)
            #expect(try json.json["count"] as? Int == 10)
            #expect(pictures(in: try svg(bench, "b.svg")) == 3 * 2)

            let puzzle = "1...3..2.1..4..1"
            let solved = try bench.hrm(
                "solve", "--checkpoint", "run", "--svg", "c.svg", puzzle, puzzle)
            #expect(solved.status == 0, "\(solved.errors)")
            #expect(solved.output.split(separator: "\n").count == 2)
            #expect(pictures(in: try svg(bench, "c.svg")) == 2 * 2)
        }
    }

    /// 4×4 mazes have the vocabulary and the length of 4×4 Sudokus.
    @Test func smallMazesAreNoSudokus() throws {
        try Workbench.use { bench in
            let prepared = try bench.hrm(
                "prepare", "maze", "--generate", "12", "--test-size", "6", "--size", "4",
                "--output", "data")
            try #require(prepared.status == 0, "\(prepared.errors)")
            let inspected = try bench.hrm("inspect", "data", "--examples", "1", "--svg", "a.svg")
            #expect(inspected.status == 0, "\(inspected.output)")
            #expect(inspected.output.contains("floor") && !inspected.output.contains("blank"))
            #expect(try svg(bench, "a.svg").contains(">S</text>"))
            _ = try bench.train()
            let evaluated = try bench.hrm(
                "evaluate", "--halt", "never", "--checkpoint", "run", "--data", "data", "--svg",
                "b.svg")
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            #expect(try svg(bench, "b.svg").contains(">S</text>"))
            let solved = try bench.hrm(
                "solve", "--checkpoint", "run", "--svg", "c.svg", "S..#.#....#.#..G")
            #expect(solved.status == 0, "\(solved.errors)")
            #expect(try svg(bench, "c.svg").contains(">S</text>"))

            try bench.write(#"{"task": "maze", "size": 5}"#, to: "data/task.json")
            let damaged = try bench.hrm("inspect", "data")
            #expect(damaged.status == 1)
            #expect(damaged.output.contains("task.json"))
        }
    }

    @Test func ownGrids() throws {
        try Workbench.use { bench in
            let lines = (0..<12).map { index in
                let row = (0..<4).map { index >> $0 & 1 == 1 ? "x" : "." }.joined()
                return "\(row),\(String(row.reversed()))/\(row)"
            }
            try bench.write("input,output\n" + lines.joined(separator: "\n"), to: "p.csv")
            let prepared = try bench.hrm(
                "prepare", "grid", "--train", "p.csv", "--alphabet", ".x", "--test-share", "0.3",
                "--output", "data")
            try #require(prepared.status == 0, "\(prepared.errors)")
            _ = try bench.train()
            let evaluated = try bench.hrm(
                "evaluate", "--halt", "never", "--checkpoint", "run", "--data", "data",
                "--examples", "1")
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            #expect(evaluated.output.contains("right answer"))
            #expect(evaluated.output.contains("x"))
            let solved = try bench.hrm(
                "solve", "--checkpoint", "run", "--svg", "a.svg",
                #"{"input": "x...", "output": "...x/x..."}"#)
            #expect(solved.status == 0, "\(solved.errors)")
            #expect(pictures(in: try svg(bench, "a.svg")) == 2)
        }
    }

    @Test func badRequests() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            for command in [
                ["evaluate", "--halt", "never", "--data", "data"], ["solve", "1...3..2.1..4..1"],
            ] {
                let result = try Program.run(
                    command + ["--checkpoint", "run", "--png", "none/a.png"], in: bench.folder)
                expectFailure(result, mentioning: "none/a.png", "cannot be written")
            }
            let many = try bench.hrm(
                "evaluate", "--halt", "never", "--checkpoint", "run", "--data", "data",
                "--examples", "0")
            #expect(many.status == 2)
            let nothing = try bench.hrm("solve", "--checkpoint", "run", "--svg", "a.svg", "1.")
            #expect(nothing.status == 1)
            #expect(nothing.errors.contains("nothing to draw"))
            #expect(try !bench.listing().contains("a.svg"))
        }
    }
}

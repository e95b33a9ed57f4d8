import Foundation
import Testing

/// Mazes from files or a generator, to a model that solves them.
@Suite struct MazeCommandTests {
    static let maze = "S..../.##../.#.../.#.#./...#G"

    private func prepare(_ bench: Workbench, _ more: String...) throws -> Program.Result {
        try Program.run(
            [
                "prepare", "maze", "--generate", "12", "--test-size", "10", "--size", "5",
                "--output", "data",
            ] + more, in: bench.folder)
    }

    @Test func generatedMazesAreLearnedMeasuredAndSolved() throws {
        try Workbench.use { bench in
            let prepared = try prepare(bench, "--min-path", "6", "--augment")
            #expect(prepared.status == 0, "\(prepared.errors)")
            #expect(
                prepared.output.contains("12 training mazes of 5×5, 96 examples"),
                "\(prepared.output)")
            let trained = try bench.train()
            #expect(trained.status == 0, "\(trained.errors)")
            #expect(trained.output.contains("valid_path"))
            #expect(try bench.metrics("run").last?["all.valid_path"] as? Double != nil)

            let evaluate = ["evaluate", "--halt", "never", "--checkpoint", "run", "--data", "data"]
            let table = try Program.run(evaluate, in: bench.folder).output
            #expect(table.contains("valid_path"), "\(table)")
            let report = try Program.run(evaluate + ["--json"], in: bench.folder).json
            let valid = try #require(report["valid_path"] as? Double)
            #expect(valid >= report["exact_accuracy"] as? Double ?? 2)

            let rows = Self.maze.replacingOccurrences(of: ".", with: " ").split(separator: "/")
            try bench.write(rows.joined(separator: "\n") + "\n", to: "maze.txt")
            let row = Self.maze.replacingOccurrences(of: "/", with: "")
            try bench.write("\(row)\n\n\(rows.joined(separator: "\n"))\n", to: "two.txt")
            let solve = ["solve", "--checkpoint", "run/model.safetensors", "--halt", "never"]
            let first = try Program.run(solve + ["maze.txt"], in: bench.folder)
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.output.contains("valid") && first.output.contains("3 steps"))
            for other in [[row], [Self.maze], ["maze.txt"]] {
                #expect(try Program.run(solve + other, in: bench.folder).output == first.output)
            }
            let two = try Program.run(solve + ["two.txt"], in: bench.folder)
            #expect(two.output == first.output + first.output)

            let traced = try Program.run(
                solve + ["--trace", "--json", "maze.txt"], in: bench.folder
            ).json
            let puzzle = try #require((traced["puzzles"] as? [[String: Any]])?.first)
            #expect(puzzle["puzzle"] as? String == row)
            let answer = try #require(puzzle["answer"] as? String)
            #expect(answer.count == 25 && first.output.hasPrefix(answer + "  "))
            // An answer in one line is a single word, and can be read back.
            let ways = answer.replacingOccurrences(of: "o", with: ".")
            #expect(!answer.contains(" "))
            if ways == row {
                #expect(try Program.run(solve + [ways], in: bench.folder).output == first.output)
            }
            #expect((puzzle["trace"] as? [Any])?.count == 3)
            #expect(puzzle["valid"] is Bool)
            let drawn = try Program.run(solve + ["--trace", "maze.txt"], in: bench.folder).output
            #expect(drawn.contains("step 3: ") && drawn.contains("│ S"))
        }
    }

    @Test func badMazesDoNotKeepOthersFromBeingSolved() throws {
        try Workbench.use { bench in
            _ = try prepare(bench)
            _ = try bench.train()
            let good = Self.maze.replacingOccurrences(of: "/", with: "")
            let result = try bench.hrm(
                "solve", "--checkpoint", "run", "--json", "-",
                input: "\(good)\nS.#.G.#.#.###\n\(good.replacingOccurrences(of: "G", with: "."))\n")
            #expect(result.status == 1)
            let object = try result.json
            #expect(object["count"] as? Int == 1)
            let puzzles = try #require(object["puzzles"] as? [[String: Any]])
            #expect(puzzles.compactMap { $0["line"] as? Int } == [1, 2, 3])
            #expect((puzzles[1]["error"] as? String)?.contains("13 cells") == true)
            #expect((puzzles[2]["error"] as? String)?.contains("no goal") == true)
            let other = try bench.hrm("solve", "--checkpoint", "run", "S#/.G")
            #expect(other.status == 1)
            #expect(other.errors.contains("this model takes 5×5 mazes"), "\(other.errors)")
        }
    }

    @Test func filesBecomeADataSet() throws {
        try Workbench.use { bench in
            let row = "a,S #  ## G,S #oo##oG,5"
            try bench.write("source,question,answer,rating\n\(row)\n", to: "good.csv")
            let prepare = ["prepare", "maze", "--test", "good.csv", "--output", "data"]
            for (line, problem) in [
                ("a,S #  ## G,So#oo##oG,5", "6 cells are drawn, the shortest path has 5"),
                ("a,S #  ## G,S  oo##oG,5", "row 1, column 3"), ("a,S #  ## G,1,5", "no cell"),
                ("a,S #  ###G,S #  ###G,5", "walls keep"), ("a,S  G,So G,1", "2×2"),
                ("question,rating", "'answer'"),
            ] {
                try bench.write("\(line)\n", to: "bad.csv")
                let result = try Program.run(prepare + ["--train", "bad.csv"], in: bench.folder)
                if line.hasSuffix("1,5") {
                    expectFailure(result, mentioning: "bad.csv, line 1", "1 row ")
                } else {
                    expectFailure(result, mentioning: "bad.csv, line 1", problem)
                }
            }
            #expect(try bench.listing() == ["bad.csv", "good.csv"])
            let made = try Program.run(prepare + ["--train", "good.csv"], in: bench.folder)
            #expect(made.status == 0, "\(made.errors)")
            #expect(made.errors.contains("1 training example is a test maze, too"))
        }
    }

    /// A rectangle is written, prepared, trained on, evaluated, drawn and solved like a square.
    @Test func rectanglesAreLearnedMeasuredAndSolved() throws {
        try Workbench.use { bench in
            let prepared = try Program.run(
                [
                    "prepare", "maze", "--generate", "12", "--test-size", "6", "--size", "4",
                    "--columns", "7", "--augment", "--output", "data",
                ], in: bench.folder)
            #expect(
                prepared.output.contains("12 training mazes of 4×7, 48 examples"),
                "\(prepared.output)\(prepared.errors)")
            let trained = try bench.train(steps: 2, "--set", "augment=segment")
            try #require(trained.status == 0, "\(trained.errors)")
            let report = try bench.hrm(
                "evaluate", "--checkpoint", "run", "--data", "data", "--json", "--svg", "e.svg"
            ).json
            let valid = try #require(report["valid_path"] as? Double)
            #expect(valid >= report["exact_accuracy"] as? Double ?? 2)
            #expect(try bench.hrm("inspect", "data", "--examples", "1").status == 0)

            let maze = "S....../.#####./......./...#..G"
            let drawn = maze.replacingOccurrences(of: "/", with: "\n")
            try bench.write("\(drawn)\n\n\(maze)\n\(drawn)\n", to: "m.txt")
            let solved = try bench.hrm("solve", "--checkpoint", "run", "m.txt", "--svg", "s.svg")
            let lines = solved.output.split(separator: "\n")
            #expect(solved.status == 0 && lines.count == 3 && Set(lines).count == 1, "\(solved)")
            #expect(lines.first?.filter { $0 == "/" }.count == 3)
            let plain = try bench.hrm(
                "solve", "--checkpoint", "run", "--json", maze.filter { $0 != "/" })
            let puzzle = try #require((try plain.json["puzzles"] as? [[String: Any]])?.first)
            #expect(puzzle["puzzle"] as? String == maze)
            for (text, words) in [
                ("S...../.####./....../...#.G", "4×6 cells; this model takes 4×7 mazes"),
                ("S......G", "8 cells; this model takes 4×7 mazes, which have 28"),
            ] {
                expectFailure(
                    try bench.hrm("solve", "--checkpoint", "run", text), mentioning: words)
            }
        }
    }

    /// Files have the maze notation of `hrm solve`; the error for any other notation explains it.
    @Test func filesHaveTheNotationOfSolve() throws {
        try Workbench.use { bench in
            try bench.write(
                "question,answer\nS.#/..#/#.G,S.#/oo#/#oG\nS.G......,S.G......\n", to: "train.csv")
            try bench.write("question,answer\nS.#..##.G,S.#oo##oG\n", to: "test.csv")
            let prepare = ["prepare", "maze", "--test", "test.csv", "--output", "data", "--train"]
            expectFailure(
                try bench.hrm(prepare + ["train.csv"]), mentioning: "line 3",
                "the way does not lead")
            try bench.write(
                "question,answer\nS.#/..#/#.G,S.#/oo#/#oG\n\"S..\n##.\nG..\",\"Soo\n##o\nGoo\"\n",
                to: "train.csv")
            try bench.write("question,answer\n*..**..*.,*..**..*.\n", to: "star.csv")
            expectFailure(
                try bench.hrm(prepare + ["star.csv"]), mentioning: "star.csv, line 2",
                "'*' in row 1, column 1", "# for a wall", "S for the start")
            let made = try bench.hrm(prepare + ["train.csv"])
            #expect(made.output.contains("2 training mazes of 3×3"), "\(made.errors)")
        }
    }

    @Test func impossibleMazes() throws {
        try Workbench.use { bench in
            for (more, word, status) in [
                (["--min-path", "90"], "ask for 2 to 21", 2), (["--walls", "1.5"], "1.5", 2),
                (["--min-path", "21"], "gave no shortest path of 21", 1),
                (["--train", "a.csv"], "--generate", 2),
            ] as [([String], String, Int32)] {
                let result = try Program.run(
                    [
                        "prepare", "maze", "--generate", "3", "--test-size", "2", "--size", "5",
                        "--output", "data",
                    ] + more, in: bench.folder)
                expectFailure(result, status: status, mentioning: word)
            }
            #expect(try bench.listing().isEmpty)
        }
    }

    @Test func theDemonstrationShowsMazes() throws {
        try Workbench.use { bench in
            let result = try Program.run(
                [
                    "demo", "--task", "maze", "--steps", "2", "--training-puzzles", "20",
                    "--test-puzzles", "6", "--output", "kept",
                ] + Workbench.tinyShared, in: bench.folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("mazes, from nothing"))
            #expect(result.output.contains("4. One puzzle, step by step"))
            let evaluated = try bench.hrm(
                "evaluate", "--halt", "never", "--checkpoint", "kept", "--data", "kept/data",
                "--json")
            #expect(try evaluated.json["valid_path"] as? Double != nil)
        }
    }
}

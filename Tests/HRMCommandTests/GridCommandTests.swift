import Foundation
import Testing

/// A custom grid puzzle, from a text file to a model that solves it.
@Suite struct GridCommandTests {
    private static let pairs = (0..<20).map { index -> String in
        let bits = (0..<4).map { index >> $0 & 1 == 1 ? "x" : "." }
        let row = bits.joined()
        let back = bits.reversed().joined()
        return "\(row)/\(back),\(back)/\(row)/\(row)"
    }

    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func prepare(_ bench: Workbench, _ more: String...) throws -> Program.Result {
        try bench.write("input,output\n" + Self.pairs.joined(separator: "\n"), to: "p.csv")
        return try Program.run(
            ["prepare", "grid", "--train", "p.csv", "--alphabet", ".x", "--output", "data"] + more,
            in: bench.folder)
    }

    @Test func pairsAreLearnedMeasuredAndSolved() throws {
        try Workbench.use { bench in
            let prepared = try prepare(bench, "--test-share", "0.2", "--symmetry", "dihedral")
            #expect(prepared.status == 0, "\(prepared.errors)")
            #expect(prepared.output.contains("canvas of 4×4"), "\(prepared.output)")
            #expect(prepared.output.contains("2 symbols"))
            let trained = try bench.train()
            #expect(trained.status == 0, "\(trained.errors)")
            let report = try bench.hrm(
                "evaluate", "--halt", "never", "--checkpoint", "run", "--data", "data", "--json"
            ).json
            #expect(report["exact_accuracy"] as? Double != nil)
            #expect(report["valid_path"] == nil)

            try bench.write("x...\n...x\n", to: "grid.txt")
            try bench.write("x.../...x\n\nx...\n...x\n\n[[1,0,0,0],[0,0,0,1]]\n", to: "all.txt")
            // Only the checkpoint contains the alphabet.
            let solve = ["solve", "--checkpoint", "run/model.safetensors", "--halt", "never"]
            let first = try Program.run(solve + ["grid.txt"], in: bench.folder)
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.output.contains("3 steps"))
            for other in [["x.../...x"], [#"{"input": ["x...", "...x"]}"#]] {
                #expect(try Program.run(solve + other, in: bench.folder).output == first.output)
            }
            let all = try Program.run(solve + ["all.txt"], in: bench.folder)
            #expect(all.output == first.output + first.output + first.output, "\(all.errors)")

            let answer = try Program.run(
                solve + ["--json", "--trace", #"{"input": "x.../...x", "output": "."}"#],
                in: bench.folder
            ).json
            let puzzle = try #require((answer["puzzles"] as? [[String: Any]])?.first)
            #expect(puzzle["puzzle"] as? String == "x.../...x")
            #expect(puzzle["valid"] is Bool)
            #expect((puzzle["trace"] as? [Any])?.count == 3)
            let drawn = try Program.run(solve + ["--trace", "grid.txt"], in: bench.folder).output
            #expect(drawn.contains("│ x  .  .  . │"), "\(drawn)")
        }
    }

    @Test func badGridsDoNotKeepOthersFromBeingSolved() throws {
        try Workbench.use { bench in
            _ = try prepare(bench, "--test-share", "0.2")
            _ = try bench.train()
            for (text, problem) in [
                ("xo/..", "'o' in row 1, column 2 is not in the alphabet '.x'"),
                ("x./.", "row 2 has 1 cell,"), ("xxxxx/.....", "does not fit"),
                ("[[2,0]]", "2 in row 1, column 1"), ("{\"output\": 1}", "'input' is missing"),
                (#"{"input": "x", "task": "t"}"#, "not trained on a task 't'"),
            ] {
                let result = try bench.hrm("solve", "--checkpoint", "run", text, "x./..")
                #expect(result.status == 1)
                #expect(result.errors.contains(problem), "\(result.errors)")
                #expect(result.output.split(separator: "\n").count == 1)
            }
        }
    }

    @Test func tasksHaveIdentifiers() throws {
        try Workbench.use { bench in
            let lines = ["copy", "flip"].flatMap { task in
                (0..<8).map { index in
                    let input = "\(index / 4)\(index / 2 % 2)\(index % 2)"
                    let output = task == "copy" ? input : String(input.reversed())
                    return #"{"input": "\#(input)", "output": "\#(output)", "task": "\#(task)"}"#
                }
            }
            try bench.write(lines.joined(separator: "\n"), to: "p.jsonl")
            let prepared = try bench.hrm(
                "prepare", "grid", "--train", "p.jsonl", "--test", "p.jsonl", "--output", "data")
            #expect(prepared.status == 0)
            #expect(prepared.errors.contains("there are 2 tasks"), "\(prepared.errors)")
            #expect(prepared.errors.contains("16 training pairs ask what a test pair asks"))
            _ = try bench.train()
            let solve = ["solve", "--checkpoint", "run"]
            let named = try Program.run(
                solve + [#"{"input": "011", "task": "flip"}"#], in: bench.folder)
            #expect(named.status == 0, "\(named.errors)")
            let nameless = try Program.run(solve + ["[[0,1,1]]"], in: bench.folder)
            #expect(nameless.status == 1)
            #expect(nameless.errors.contains("name one as in"), "\(nameless.errors)")
        }
    }

    /// A list of pairs as written by `json.dump`.
    @Test func listsOfPairsAreRead() throws {
        try Workbench.use { bench in
            let objects = (0..<24).map { index in
                #"{"input": [[\#(index % 4), 2], [3, 1]], "output": [[\#(index % 4), 1], [2, 3]]}"#
            }
            try bench.write("[" + objects.joined(separator: ", ") + "]", to: "pairs.json")
            let result = try bench.hrm(
                "prepare", "grid", "--train", "pairs.json", "--test-share", "0.2", "--output",
                "data")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("18 training pairs"), "\(result.output)")
            #expect(result.output.contains("6 test pairs"))
            #expect(!result.errors.contains("different answers"))
            try bench.write(
                #"[{"input": "1", "output": "1"}, {"input": "1", "output": "0"}]"#, to: "two.json")
            let noted = try bench.hrm(
                "prepare", "grid", "--train", "two.json", "--test", "two.json", "--output", "d2")
            #expect(noted.errors.contains("1 question with different answers"), "\(noted.errors)")
        }
    }

    /// If a puzzle has blanks, a note counts the questions without one; other puzzles have no
    /// blanks.
    @Test func questionsWithoutABlankAreNoted() throws {
        try Workbench.use { bench in
            try bench.write(
                "input,output\n1./.1,12/21\n12/21,12/21\n.2/2.,12/21\n", to: "fill.csv")
            try bench.write("21/12,21/12\n2./.2,21/12\n", to: "test.csv")
            let prepare = ["prepare", "grid", "--alphabet", ".12", "--train"]
            let made = try bench.hrm(
                prepare + ["fill.csv", "--test", "test.csv", "--output", "data"])
            #expect(
                made.errors.contains(
                    "Note: 2 questions have no blank cell ('.'), so there is nothing to solve; the "
                        + "first is in fill.csv, line 3\n"), "\(made.errors)")
            // The flip leaves some grids unchanged, and these puzzles have no blanks.
            try bench.write("1./.1,.1/1.\n11/11,11/11\n2./.1,.2/1.\n", to: "other.csv")
            let other = try bench.hrm(
                prepare + ["other.csv", "--test", "other.csv", "--output", "none"])
            #expect(other.status == 0 && !other.errors.contains("no blank cell"), "\(other.errors)")
        }
    }

    /// A split without counted labels is an error rather than an evaluation of 0 puzzles.
    @Test func ignoredLabelsAreNoEvaluation() throws {
        try Workbench.use { bench in
            try bench.write(
                #"[{"input": "10", "output": "10"}, {"input": "01", "output": "01"}]"#, to: "p.json"
            )
            let prepared = try bench.hrm(
                "prepare", "grid", "--train", "p.json", "--test", "p.json", "--output", "data")
            #expect(prepared.status == 0, "\(prepared.errors)")
            _ = try bench.train()
            let labels = bench.url("data/test/all__labels.npy")
            var bytes = try Data(contentsOf: labels)
            for place in 128..<bytes.count { bytes[place] = 0 }
            try bytes.write(to: labels)
            expectFailure(
                try bench.hrm("evaluate", "--checkpoint", "run", "--data", "data"),
                mentioning: "nothing can be measured", "ignore_label_id")
        }
    }

    /// A split without counted labels cannot be trained on, neither in a new nor in a resumed run.
    @Test func ignoredLabelsAreNoTraining() throws {
        try Workbench.use { bench in
            _ = try prepare(bench, "--test-share", "0.2")
            let labels = bench.url("data/train/all__labels.npy")
            var bytes = try Data(contentsOf: labels)
            for place in 128..<bytes.count { bytes[place] = 0 }
            try bytes.write(to: labels)
            expectFailure(
                try bench.train(), mentioning: "data/train: every label counts for nothing",
                "ignore_label_id is 0", "nothing to learn")
            #expect(try !bench.listing().contains { $0.hasPrefix("run") })
        }
    }

    /// Training works if the test split has no counted labels, and notes that evaluations are
    /// meaningless.
    @Test func ignoredTestLabelsAreNoted() throws {
        try Workbench.use { bench in
            _ = try prepare(bench, "--test-share", "0.2")
            let note = "every label counts for nothing"
            let sound = try bench.train(steps: 1, output: "sound")
            #expect(sound.status == 0 && !sound.errors.contains(note), "\(sound.errors)")
            let labels = bench.url("data/test/all__labels.npy")
            var bytes = try Data(contentsOf: labels)
            for place in 128..<bytes.count { bytes[place] = 0 }
            try bytes.write(to: labels)
            let result = try bench.train(steps: 1)
            #expect(result.status == 0, "\(result.errors)")
            #expect(
                result.errors.contains("Note: data/test: \(note) (ignore_label_id is 0)"),
                "\(result.errors)")
            try bench.write(
                "data: data\npreset: demo\nbudget: 1e12\nexperiments: [{name: a}]\n", to: "s.yaml")
            expectFailure(
                try bench.hrm("sweep", "s.yaml", "--output", "out"), mentioning: "test split",
                "counts for nothing", "nothing to compare")
        }
    }

    @Test func badFilesAndOptions() throws {
        try Workbench.use { bench in
            try bench.write("input,output\n.x/x,..\n", to: "ragged.csv")
            try bench.write("input,output\n", to: "empty.csv")
            try bench.write("{\"input\": [[0]], \"output\": [[999]]}\n", to: "large.jsonl")
            try bench.write(".x,..\nx.,xx\n", to: "good.csv")
            for (file, more, words) in [
                ("ragged.csv", ["--alphabet", ".x"], "line 2: in the input, row 2 has 1 cell,"),
                ("ragged.csv", [], "'.' is no number; say with --alphabet"),
                ("empty.csv", [], "it has no puzzle"), ("none.csv", [], "none.csv"),
                ("large.jsonl", [], "line 1: in the output, 999 in row 1, column 1"),
                ("good.csv", ["--alphabet", ".xx"], "twice"),
                ("good.csv", ["--alphabet", ".x", "--canvas", "1"], "does not fit"),
                (
                    "good.csv",
                    ["--alphabet", ".x", "--symmetry", "symbols", "--fixed-symbols", "y"],
                    "'y'"
                ),
            ] {
                let result = try Program.run(
                    ["prepare", "grid", "--train", file, "--test-share", "0.5", "--output", "data"]
                        + more, in: bench.folder)
                expectFailure(result, mentioning: words)
            }
            for more in [
                ["--test", "good.csv"], ["--canvas", "x"], ["--canvas", "0x5"],
                ["--augmentations", "3"], ["--fixed-symbols", "."], ["--symmetry", "none"],
            ] {
                let result = try Program.run(
                    [
                        "prepare", "grid", "--train", "good.csv", "--test-share", "0.5",
                        "--output", "data",
                    ] + more, in: bench.folder)
                #expect(result.status == 2, "\(more): \(result.errors)")
            }
            #expect(
                try bench.listing() == ["empty.csv", "good.csv", "large.jsonl", "ragged.csv"])
        }
    }

    @Test func theShippedExampleIsWhatTheCommandWrites() throws {
        try Workbench.use { bench in
            let made = try bench.hrm("example")
            #expect(made.status == 0, "\(made.errors)")
            let file = Self.repository.appendingPathComponent("Examples/binary-puzzles.csv")
            #expect(try made.output == String(contentsOf: file, encoding: .utf8))
            let refused = try bench.hrm("example", "--size", "5")
            expectFailure(refused, mentioning: "4, 6 or 8")
        }
    }

    @Test func otherPuzzlesAreWritten() throws {
        try Workbench.use { bench in
            for (puzzle, rows) in [("futoshiki", 7), ("skyscrapers", 6)] {
                let arguments = ["example", puzzle, "--count", "3", "--size", "4", "--seed", "2"]
                let made = try Program.run(arguments, in: bench.folder)
                #expect(made.status == 0, "\(made.errors)")
                let lines = made.output.split(separator: "\n")
                #expect(lines.count == 4 && lines[0] == "input,output")
                for line in lines.dropFirst() {
                    let grids = line.split(separator: ",")
                    #expect(grids.allSatisfy { $0.split(separator: "/").count == rows })
                    #expect(grids[0].contains(".") && !grids[1].contains("."))
                }
                #expect(try Program.run(arguments, in: bench.folder).output == made.output)
                expectFailure(
                    try bench.hrm("example", puzzle, "--size", "8"), mentioning: "4 to 6")
            }
        }
    }

    /// Marks are renamed with the board, and missing renamings give a warning.
    @Test func symmetriesRenameMarks() throws {
        try Workbench.use { bench in
            let made = try bench.hrm("example", "futoshiki", "--count", "120", "--size", "4")
            try bench.write(made.output, to: "f.csv")
            let prepare = [
                "prepare", "grid", "--train", "f.csv", "--test-share", "0.2", "--alphabet",
                ".-<>^v1234", "--output",
            ]
            let right = try Program.run(
                prepare + [
                    "right", "--symmetry-map", "flip-horizontal: <>", "--symmetry-map",
                    "transpose: <^ >v", "--symmetry-map", "identity: <> ^v 14 23",
                    "--augmentations", "15",
                ], in: bench.folder)
            #expect(right.status == 0, "\(right.errors)")
            #expect(right.output.contains("1,536 examples"), "\(right.output)")
            #expect(!right.errors.contains("Warning"), "\(right.errors)")
            let wrong = try Program.run(
                prepare + ["wrong", "--symmetry", "dihedral"], in: bench.folder)
            #expect(wrong.status == 0)
            #expect(wrong.errors.contains("Warning: the symmetry flip-horizontal may not be one"))
            #expect(wrong.errors.contains("--symmetry-map"))
            for (map, words) in [
                ("mirror: <>", "'mirror' is no turn or flip"), ("transpose: <>x", "'x' in row 1"),
                ("identity: 11", "'1' is renamed twice"),
            ] {
                let refused = try Program.run(
                    prepare + ["none", "--symmetry-map", map], in: bench.folder)
                #expect(refused.status == 2)
                #expect(refused.errors.contains(words), "\(refused.errors)")
                #expect(refused.errors.contains("Usage: hrm prepare grid "), "\(refused.errors)")
            }
            #expect(
                try bench.listing().filter { !$0.contains("/") } == ["f.csv", "right", "wrong"])
        }
    }

    /// Symbols declared interchangeable are checked against the pairs as well.
    @Test func exchangesThatThePairsContradictAreTold() throws {
        try Workbench.use { bench in
            try bench.write("ab.,abb\nba.,bab\nbb.,bba\n", to: "p.csv")
            let prepare = [
                "prepare", "grid", "--train", "p.csv", "--test", "p.csv", "--alphabet", ".ab",
                "--symmetry", "symbols", "--fixed-symbols",
            ]
            let wrong = try bench.hrm(prepare + [".", "--output", "wrong"])
            #expect(wrong.status == 0)
            #expect(
                wrong.errors.contains(
                    "Warning: the symmetry 'identity: ab' contradicts the pairs: it makes the "
                        + "question ba. the question ab., but their answers are not each other's "
                        + "images; leave it out, or name symbols that are not exchanged with "
                        + "--fixed-symbols"), "\(wrong.errors)")
            let right = try bench.hrm(prepare + [".a", "--output", "right"])
            #expect(right.status == 0 && !right.errors.contains("Warning"), "\(right.errors)")
        }
    }

    /// Training and votes use the symmetries that the data was prepared with.
    @Test func imagesHaveTheSymmetriesOfTheData() throws {
        try Workbench.use { bench in
            let plain = try prepare(bench, "--test-share", "0.2")
            try #require(plain.status == 0, "\(plain.errors)")
            let augment = ["--set", "augment=segment"]
            expectFailure(
                try bench.train(output: "none", augment[0], augment[1]),
                mentioning: "augment needs puzzles whose symmetries are known", "--symmetry-map")
            try #require(try bench.train(output: "plain").status == 0)
            let solve = ["solve", "--votes", "3", "x.../...x", "--halt", "never", "--checkpoint"]
            let single = try bench.hrm(solve + ["plain"])
            #expect(single.errors.contains("Note: --votes changes nothing"), "\(single.errors)")
            #expect(single.status == 0 && !single.output.contains("votes"))

            try FileManager.default.removeItem(at: bench.url("data"))
            // With grids of two and of three rows, symbols may be renamed, but cells are not moved.
            let renamed = try prepare(
                bench, "--test-share", "0.2", "--symmetry-map", "rotate-180: .x", "--symmetry-map",
                "identity: .x")
            try #require(renamed.status == 0, "\(renamed.errors)")
            let text = String(decoding: try bench.bytes("data/task.json"), as: UTF8.self)
            #expect(text.contains(#""transform":"rotate-180""#), "\(text)")
            let trained = try bench.train(output: "run", augment[0], augment[1])
            #expect(trained.status == 0, "\(trained.errors)")
            let voted = try bench.hrm(solve + ["run"])
            #expect(voted.output.contains("of 2 votes"), "\(voted.output)\(voted.errors)")
        }
    }

    @Test func theDemonstrationShowsAGridPuzzle() throws {
        try Workbench.use { bench in
            let result = try Program.run(
                [
                    "demo", "--task", "grid", "--steps", "2", "--training-puzzles", "20",
                    "--test-puzzles", "6", "--augmentations", "2", "--json",
                ] + Workbench.tinyShared, environment: ["TMPDIR": bench.folder.path],
                in: bench.folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try result.json["task"] as? String == "grid")
            #expect(result.errors.contains("binary puzzles"))
            #expect(try bench.listing().isEmpty)
            let size = try bench.hrm("demo", "--task", "grid", "--size", "4")
            #expect(size.status == 2)
        }
    }
}

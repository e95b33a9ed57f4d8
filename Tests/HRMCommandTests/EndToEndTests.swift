import Foundation
import Testing

@Suite struct EndToEndTests {
    static let puzzle = "1...2.......3..."

    @Test func trainsAndEvaluates() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let trained = try bench.train(steps: 3)
            #expect(trained.status == 0, "\(trained.errors)")
            #expect(trained.errors.contains("Model: "))
            #expect(trained.errors.contains("kernels"))
            #expect(trained.errors.contains("copying the givens: 50.0 %"))
            #expect(trained.output.contains("exact_accuracy"))
            #expect(
                try bench.listing().filter { $0.hasPrefix("run/") } == [
                    "run/.lock", "run/all_config.yaml", "run/best.safetensors", "run/checkpoints",
                    "run/checkpoints/step-000000003.safetensors",
                    "run/events.out.tfevents.hrm", "run/metrics.jsonl", "run/model.safetensors",
                    "run/run.json",
                ])
            let records = try bench.metrics("run")
            #expect(records.compactMap { $0["step"] as? Int } == [1, 2, 3, 3])
            #expect(records[3]["all.count"] as? Double == 10)

            let evaluated = try bench.hrm(
                "evaluate", "--halt", "never", "--checkpoint", "run", "--data", "data", "--json")
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            let report = try evaluated.json
            #expect(report["count"] as? Int == 10)
            #expect(report["steps"] as? Double == 3)
            #expect(report["copy_accuracy"] as? Double == 0.5)
            #expect(report["seconds"] as? Double != nil)
            let interval = try #require(report["exact_accuracy_interval"] as? [Double])
            let exact = try #require(report["exact_accuracy"] as? Double)
            #expect(interval[0] <= exact && exact <= interval[1] && interval[0] < interval[1])
            for name in ["accuracy", "exact_accuracy", "q_halt_accuracy", "lm_loss", "q_halt_loss"]
            {
                #expect(report[name] as? Double == records[3]["all.\(name)"] as? Double)
            }
            #expect(evaluated.output.split(separator: "\n").count == 1)
        }
    }

    @Test func evaluatesAPartOfASplitInTheWantedPrecision() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let result = try bench.hrm(
                "evaluate", "--halt", "never", "--checkpoint", "run/model.safetensors", "--data",
                "data", "--limit",
                "7", "--batch-size", "3", "--split", "train", "--precision", "bfloat16",
                "--workers", "2")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("count                 7  puzzles"), "\(result.output)")
        }
    }

    @Test func solvesFromArgumentFileAndStandardInput() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let other = "....4.......1..2"
            try bench.write("# two puzzles\n\n\(Self.puzzle)\r\n\(other)", to: "puzzles.txt")
            let solve = ["solve", "--checkpoint", "run", "--halt", "never"]
            let results = try [
                (["puzzles.txt"], ""), ([Self.puzzle, other], ""),
                (["-"], "\(Self.puzzle)\n\(other)\n"), ([], "\(Self.puzzle)\n\(other)"),
            ].map { try Program.run(solve + $0.0, input: $0.1, in: bench.folder) }
            for result in results {
                #expect(result.status == 0, "\(result.errors)")
                #expect(result.output == results[0].output)
            }
            let lines = results[0].output.split(separator: "\n")
            #expect(lines.count == 2)
            for line in lines {
                #expect(line.prefix(16).allSatisfy { ".1234".contains($0) })
                #expect(line.contains("valid") && line.contains("3 steps"))
            }
        }
    }

    @Test func tracesEachStep() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let drawn = try bench.hrm(
                "solve", "--checkpoint", "run", "--halt", "never", "--trace", Self.puzzle)
            for caption in ["puzzle", "step 1: ", "step 2: ", "step 3: ", "% sure"] {
                #expect(drawn.output.contains(caption), "\(drawn.output)")
            }
            #expect(drawn.output.contains("│"))
            #expect(!drawn.output.contains("\u{1B}"))

            let object = try bench.hrm(
                "solve", "--checkpoint", "run", "--halt", "never", "--trace", "--json", Self.puzzle
            ).json
            #expect(object["count"] as? Int == 1)
            #expect(object["steps"] as? Int == 3)
            let puzzle = try #require((object["puzzles"] as? [[String: Any]])?.first)
            #expect(puzzle["puzzle"] as? String == Self.puzzle)
            let trace = try #require(puzzle["trace"] as? [[String: Any]])
            #expect(trace.compactMap { $0["step"] as? Int } == [1, 2, 3])
            #expect(trace.last?["board"] as? String == puzzle["answer"] as? String)
            // The changes, applied to the puzzle in turn, give each board.
            var board = Array(Self.puzzle)
            for step in trace {
                let next = Array(try #require(step["board"] as? String))
                let changed = try #require(step["changed"] as? [Int])
                #expect(next.indices.filter { next[$0] != board[$0] } == changed)
                board = next
            }
        }
    }

    @Test func badPuzzlesDoNotKeepOthersFromBeingSolved() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let input = "\(Self.puzzle)\n12\n\n5...............\n\(Self.puzzle)"
            let plain = try bench.hrm("solve", "--checkpoint", "run", "-", input: input)
            #expect(plain.status == 1)
            #expect(plain.output.split(separator: "\n").count == 2)
            let errors = plain.errors.split(separator: "\n")
            #expect(errors.count == 2)
            #expect(errors.first?.contains("line 2: a 4×4 puzzle has 16 cells") == true)
            #expect(errors.last?.contains("line 4: '5' in row 1, column 1") == true)

            let json = try bench.hrm("solve", "--checkpoint", "run", "--json", input: input)
            #expect(json.status == 1)
            let object = try json.json
            #expect(object["count"] as? Int == 2)
            #expect(object["errors"] as? Int == 2)
            let puzzles = try #require(object["puzzles"] as? [[String: Any]])
            #expect(puzzles.compactMap { $0["line"] as? Int } == [1, 2, 4, 5])
            #expect(puzzles.map { $0["error"] != nil } == [false, true, true, false])

            let missing = try bench.hrm("solve", "--checkpoint", "run", "puzles.txt", Self.puzzle)
            #expect(missing.status == 1)
            #expect(missing.errors.contains("there is no file 'puzles.txt'"))
            #expect(missing.output.split(separator: "\n").count == 1)
        }
    }

    @Test func preparesFromFiles() throws {
        try Workbench.use { bench in
            try bench.write(
                "source,question,answer,rating\na,1...3..2.1..4..1,1234341221434321,0\n",
                to: "train.csv")
            try bench.write(
                "source,question,answer,rating\na,.2..3..2.1..4..1,1234341221434321,0\n",
                to: "test.csv")
            let result = try bench.hrm(
                "prepare", "sudoku", "--train", "train.csv", "--test", "test.csv",
                "--augmentations", "4", "--output", "deep/data")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("1 training puzzle of 4×4, 5 examples"))
            let arrays = try bench.listing().filter { $0.hasPrefix("deep/data/train/") }
            #expect(arrays.contains("deep/data/train/all__inputs.npy"))
        }
    }

    @Test func trainsWithAConfigurationFileAndWithoutTestSplit() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            try FileManager.default.removeItem(at: bench.url("data/test"))
            let result = try bench.hrm(
                "train", "--data", "data", "--output", "again", "--config", "run/all_config.yaml",
                "--steps", "2", "--set", "lr=0.5")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("no test split"))
            #expect(try bench.metrics("again").count == 2)
            let configuration = try String(
                contentsOf: bench.url("again/all_config.yaml"), encoding: .utf8)
            #expect(configuration.contains("hidden_size: 16"))
            #expect(configuration.contains("lr: 0.5"))
        }
    }

    @Test func demonstrationLeavesNothingBehind() throws {
        try Workbench.use { bench in
            let arguments =
                [
                    "demo", "--size", "4", "--steps", "2", "--training-puzzles", "20",
                    "--test-puzzles", "6", "--augmentations", "2", "--json", "--workers", "1",
                ] + Workbench.tinyShared
            let environment = ["TMPDIR": bench.folder.path]
            let results = try (0..<2).map { _ in
                try Program.run(arguments, environment: environment, in: bench.folder)
            }
            #expect(results[0].status == 0, "\(results[0].errors)")
            #expect(results[0].errors.contains("3. Examination"))
            let objects = try results.map { result in
                var object = try result.json
                #expect(object.removeValue(forKey: "seconds") != nil)
                return object
            }
            #expect(objects[0]["count"] as? Int == 6)
            #expect(objects[0]["training_steps"] as? Int == 2)
            #expect((objects[0]["puzzle"] as? [String: Any])?["trace"] != nil)
            #expect(NSDictionary(dictionary: objects[0]).isEqual(objects[1]))
            #expect(try bench.listing().isEmpty)
        }
    }

    @Test func demonstrationKeepsARunThatCanBeUsed() throws {
        try Workbench.use { bench in
            let made = try Program.run(
                [
                    "demo", "--size", "4", "--steps", "2", "--training-puzzles", "20",
                    "--test-puzzles", "6", "--augmentations", "2", "--output", "kept",
                ] + Workbench.tinyShared, in: bench.folder)
            #expect(made.status == 0, "\(made.errors)")
            #expect(made.output.contains("4. One puzzle, step by step"))
            let evaluated = try bench.hrm(
                "evaluate", "--halt", "never", "--checkpoint", "kept", "--data", "kept/data",
                "--json")
            #expect(try evaluated.json["count"] as? Int == 6)
        }
    }
}

extension Workbench {
    /// Returns the lines of a run's metrics.
    func metrics(_ run: String) throws -> [[String: Any]] {
        try String(contentsOf: url("\(run)/metrics.jsonl"), encoding: .utf8)
            .split(separator: "\n")
            .map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:] }
    }
}

import Foundation
import Testing

/// Interruptions, unsuitable models, and invalid input.
extension ARCTests {
    /// The amount of work is so large that it cannot end before the signal.
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func interruptedPreparationsLeaveNothing(_ number: Int32) throws {
        try Workbench.use { bench in
            try Self.writeLargeTasks(bench)
            let before = try bench.listing()
            for arguments in [
                [
                    "arc", "--source", "large", "--augmentations", "10000", "--workers", "1",
                    "--output", "new/data",
                ],
                [
                    "sudoku", "--generate", "20", "--test-size", "5", "--size", "4",
                    "--augmentations", "100000000", "--output", "new/data",
                ],
            ] {
                let started = try Program.start(["prepare"] + arguments, in: bench.folder)
                let folder = bench.url("new")
                var isMaking = false
                while started.process.isRunning, !isMaking {
                    Thread.sleep(forTimeInterval: 0.01)
                    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
                    isMaking = names?.contains { $0.hasPrefix(".data.") } ?? false
                }
                try #require(isMaking, "it ended before")
                kill(started.process.processIdentifier, number)
                let result = try started.finish()
                #expect(started.process.terminationReason == .uncaughtSignal)
                #expect(result.status == number, "\(result.errors)")
                #expect(!result.errors.contains("Error"), "\(result.errors)")
                #expect(try bench.listing() == before)
            }
        }
    }

    @Test func otherModelsDoNotSolveTasks() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            try bench.write(Self.task(7), to: "task.json")
            expectFailure(
                try bench.hrm("solve", "--checkpoint", "run", "task.json"),
                mentioning: "not for ARC tasks")
            expectFailure(
                try bench.hrm(
                    "evaluate", "--checkpoint", "run", "--data", "data", "--submission", "s.json"),
                mentioning: "test_puzzles.json")
        }
    }

    @Test func evaluationNeedsTheSameTasks() throws {
        try Workbench.use { bench in
            try Self.prepareAndTrain(bench)
            let other = try bench.hrm(
                "prepare", "arc", "--source", "tasks", "--canvas", "4", "--augmentations", "3",
                "--seed", "1", "--output", "other")
            try #require(other.status == 0, "\(other.errors)")
            expectFailure(
                try bench.hrm("evaluate", "--checkpoint", "run", "--data", "other"),
                mentioning: "identifiers.json differ")
        }
    }

    @Test(arguments: [
        ("{\"train\":[{\"input\":[[1],[1,2]],\"output\":[[1]]}]", "not valid JSON"),
        (
            "{\"train\":[{\"input\":[[1],[1,2]],\"output\":[[1]]}],\"test\":[]}",
            "train pair 1, input, row 2: the row has 2 cells"
        ),
        (
            "{\"train\":[{\"input\":[[1,10]],\"output\":[[1]]}],\"test\":[]}",
            "train pair 1, input, row 1, column 2: the colour 10"
        ),
        ("{\"train\":[],\"test\":[]}", "'train': there is no pair"),
    ])
    func badTasks(text: String, problem: String) throws {
        try Workbench.use { bench in
            try Self.writeTasks(bench)
            try bench.write(text, to: "tasks/training/bad.json")
            let before = try bench.listing()
            let result = try bench.hrm("prepare", "arc", "--source", "tasks", "--output", "data")
            expectFailure(result, mentioning: "tasks/training/bad.json", problem)
            #expect(try bench.listing() == before)
        }
    }

    @Test func badArguments() throws {
        try Workbench.use { bench in
            try Self.writeTasks(bench)
            let prepare = ["prepare", "arc", "--output", "data", "--source", "tasks"]
            for (more, word) in [
                (["--canvas", "31"], "--canvas"), (["--canvas", "0"], "--canvas"),
                (["--augmentations", "-1"], "--augmentations"),
                (["--name-separator", "a"], "--name-separator"), (["--test", "some"], "--test"),
                (["--tasks", ", "], "--tasks"),
                (["--test", "all", "--evaluation", "training"], "--evaluation"),
            ] {
                let result = try Program.run(prepare + more, in: bench.folder)
                #expect(result.status == 2, "\(result.errors)")
                #expect(result.errors.contains(word), "\(result.errors)")
            }
            let doubled = try Program.run(
                [
                    "prepare", "arc", "--output", "twice", "--augmentations", "0", "--source",
                    "tasks",
                ]
                    + ["--source", "tasks"], in: bench.folder)
            #expect(doubled.status == 0, "\(doubled.errors)")
            #expect(
                doubled.errors.hasPrefix(
                    "Note: the source tasks is given more than once, and read once\n"))
            #expect(!doubled.errors.contains("taken once"), "\(doubled.errors)")
            #expect(doubled.output.contains("twice/train: 5 tasks, 5 with variations, 13 pairs"))
            let missing = try Program.run(prepare + ["--source", "none"], in: bench.folder)
            expectFailure(missing, mentioning: "none")
            #expect(try !bench.listing().contains("data"))
        }
    }
}

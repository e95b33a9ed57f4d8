import Foundation
import Testing

/// ARC tasks from their files to a submission.
@Suite struct ARCTests {
    /// A task whose answer is the input in other colours.
    static func task(_ color: Int, extra: String = "") -> String {
        let pairs = (1...3).map { side in
            let row = "[" + Array(repeating: "\(color)", count: side).joined(separator: ",") + "]"
            let answer = row.replacingOccurrences(of: "\(color)", with: "\((color + 1) % 10)")
            return "{\"input\":[\(row),\(row)],\"output\":[\(answer)]}"
        }
        return "{\"train\":[\(pairs[0]),\(pairs[1])],\"test\":[\(pairs[2])]\(extra)}"
    }

    /// Three training and two evaluation tasks in `tasks`.
    static func writeTasks(_ bench: Workbench) throws {
        for (folder, colors) in [("training", 1...3), ("evaluation", 4...5)] {
            let url = bench.url("tasks/\(folder)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            for color in colors {
                try bench.write(
                    task(color, extra: ",\"note\":{}"), to: "tasks/\(folder)/task\(color).json")
            }
        }
    }

    /// Makes `data` and `run`.
    static func prepareAndTrain(_ bench: Workbench) throws {
        try writeTasks(bench)
        let prepared = try bench.hrm(
            "prepare", "arc", "--source", "tasks", "--canvas", "4", "--augmentations", "3",
            "--output", "data")
        try #require(prepared.status == 0, "\(prepared.errors)")
        let trained = try bench.train()
        try #require(trained.status == 0, "\(trained.errors)")
    }

    struct Evaluation: Decodable {
        struct Score: Decodable {
            var rule: String
            var tasks: Int
            var submission: String?
        }
        var count: Int
        var arc: Score
    }

    typealias Submission = [String: [[String: [[Int]]]]]

    @Test func fromTasksToSubmission() throws {
        try Workbench.use { bench in
            try Self.prepareAndTrain(bench)
            let evaluated = try bench.hrm("evaluate", "--checkpoint", "run", "--data", "data")
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            for attempts in [1, 2, 10, 100, 1000] {
                #expect(evaluated.output.contains("pass@\(attempts) "), "\(evaluated.output)")
            }
            #expect(evaluated.output.contains("of 2 tasks"))
            let submission = try JSONDecoder().decode(
                Submission.self, from: try bench.bytes("run/submission.json"))
            #expect(submission.keys.sorted() == ["task4", "task5"])
            for tests in submission.values {
                #expect(tests.map { $0.keys.sorted() } == [["attempt_1", "attempt_2"]])
            }

            let limited = try bench.hrm(
                "evaluate", "--checkpoint", "run", "--data", "data", "--limit", "1", "--rule",
                "trm", "--submission", "mine.json", "--json")
            #expect(limited.status == 0, "\(limited.errors)")
            let report = try JSONDecoder().decode(
                Evaluation.self, from: Data(limited.output.utf8))
            #expect(report.count == 1)
            #expect(report.arc.rule == "trm")
            #expect(report.arc.tasks == 1)
            #expect(try bench.listing().contains("mine.json"))
        }
    }

    @Test func theSameDataWhateverTheWorkers() throws {
        try Workbench.use { bench in
            try Self.writeTasks(bench)
            for workers in ["1", "3"] {
                let result = try bench.hrm(
                    "prepare", "arc", "--source", "tasks", "--augmentations", "20", "--workers",
                    workers, "--name-separator", "|||", "--output", "data\(workers)")
                #expect(result.status == 0, "\(result.errors)")
                #expect(result.output.contains("5 tasks"))
            }
            for file in try bench.listing() where file.hasPrefix("data1/") {
                guard file.hasSuffix("npy") || file.hasSuffix("json") else { continue }
                let other = file.replacingOccurrences(of: "data1/", with: "data3/")
                #expect(try bench.bytes(file) == bench.bytes(other), "\(file)")
            }
            let names = String(decoding: try bench.bytes("data1/identifiers.json"), as: UTF8.self)
            #expect(names.contains("task4|||t"))
        }
    }

    @Test func solvesTasksThatItKnows() throws {
        try Workbench.use { bench in
            try Self.prepareAndTrain(bench)
            let known = "tasks/evaluation/task4.json"
            let solved = try bench.hrm("solve", "--checkpoint", "run", "--trace", known)
            #expect(solved.status == 0, "\(solved.errors)")
            #expect(solved.output.contains("task4, test input 1: 4 answers"), "\(solved.output)")
            #expect(solved.output.contains("step 3: "))
            #expect(solved.output.contains("attempt 1: "))
            let single = try bench.hrm(
                "solve", "--checkpoint", "run/model.safetensors", "--data", "data", "--votes", "1",
                known)
            #expect(single.status == 0, "\(single.errors)")
            #expect(single.output.contains("1 answers, 1 different"))

            try bench.write(Self.task(7), to: "stranger.json")
            try bench.write("{", to: "broken.json")
            let mixed = try bench.hrm(
                "solve", "--checkpoint", "run", "stranger.json", "broken.json", known)
            #expect(mixed.status == 1)
            #expect(mixed.errors.contains("task stranger: it must first be trained"))
            #expect(mixed.errors.contains("broken.json: it is not valid JSON"))
            #expect(mixed.output.contains("task4, test input 1"))

            try FileManager.default.removeItem(at: bench.url("run/identifiers.json"))
            expectFailure(
                try bench.hrm("solve", "--checkpoint", "run", known),
                mentioning: "identifiers.json", "--data")
        }
    }

    @Test func competitionFilesAndChoices() throws {
        try Workbench.use { bench in
            let hidden =
                "{\"train\":[{\"input\":[[1,0]],\"output\":[[2]]}],"
                + "\"test\":[{\"input\":[[3,3]]}]}"
            let turned =
                "{\"train\":[{\"input\":[[0],[5]],\"output\":[[7]]}],"
                + "\"test\":[{\"input\":[[3,3,3]]}]}"
            try bench.write("{\"a\":\(hidden)}", to: "arc_evaluation_challenges.json")
            try bench.write(
                "{\"b\":\(turned),\"c\":\(Self.task(2))}", to: "arc_training_challenges.json")
            try bench.write("{\"b\":[[[1]]],\"c\":[[[1]]]}", to: "arc_training_solutions.json")
            let prepare = ["prepare", "arc", "--source", ".", "--augmentations", "1", "--output"]
            let result = try Program.run(prepare + ["all"], in: bench.folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("all/train: 3 tasks, 6 with variations, 12 pairs"))
            #expect(result.output.contains("all/test: 1 task, 2 with variations, 2 pairs"))
            #expect(result.errors.contains("count in a submission alone: 1 test input"))
            #expect(result.errors.contains("near-duplicates: b and a, which is measured on"))

            try FileManager.default.removeItem(at: bench.url("all"))
            let without = try Program.run(
                prepare + ["less", "--exclude-near-duplicates"], in: bench.folder)
            #expect(without.status == 0, "\(without.errors)")
            #expect(without.output.contains("less/train: 2 tasks"))
            #expect(without.errors.contains("left out, as near-duplicates: 1 task"))

            try FileManager.default.removeItem(at: bench.url("less"))
            for (test, kept) in [("all", "d/test: 3 tasks"), ("none", "d/train: 3 tasks")] {
                let chosen = try Program.run(prepare + ["d", "--test", test], in: bench.folder)
                #expect(chosen.status == 0, "\(chosen.errors)")
                #expect(chosen.output.contains(kept), "\(chosen.output)")
                #expect(chosen.output.contains("d/test") == (test == "all"))
                try FileManager.default.removeItem(at: bench.url("d"))
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
            ] {
                let result = try Program.run(prepare + more, in: bench.folder)
                #expect(result.status == 2, "\(result.errors)")
                #expect(result.errors.contains(word), "\(result.errors)")
            }
            let doubled = try Program.run(prepare + ["--source", "tasks"], in: bench.folder)
            expectFailure(doubled, mentioning: "task4", "remove one of them")
            let missing = try Program.run(prepare + ["--source", "none"], in: bench.folder)
            expectFailure(missing, mentioning: "none")
            #expect(try !bench.listing().contains("data"))
        }
    }
}

import Foundation
import HRM
import HRMData
import HRMFigures
import HRMTensor
import Testing

@testable import HRMCommand

/// ARC tasks from their files to a submission.
@Suite struct ARCTests {
    /// Returns a task whose answer is the input with permuted colours.
    static func task(_ color: Int, extra: String = "") -> String {
        let pairs = (1...3).map { side in
            let row = "[" + Array(repeating: "\(color)", count: side).joined(separator: ",") + "]"
            let answer = row.replacingOccurrences(of: "\(color)", with: "\((color + 1) % 10)")
            return "{\"input\":[\(row),\(row)],\"output\":[\(answer)]}"
        }
        return "{\"train\":[\(pairs[0]),\(pairs[1])],\"test\":[\(pairs[2])]\(extra)}"
    }

    /// Writes three training and two evaluation tasks into `tasks`.
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

    /// Tasks of large grids in all colours in `large`, whose 10,000 variations each take minutes to make.
    static func writeLargeTasks(_ bench: Workbench) throws {
        var random = SeededGenerator(seed: 1)
        func grid() -> String {
            let rows = (0..<20).map { _ in
                let cells = (0..<20).map { _ in "\(Int.random(in: 0...9, using: &random))" }
                return "[" + cells.joined(separator: ",") + "]"
            }
            return "[" + rows.joined(separator: ",") + "]"
        }
        func pair() -> String { "{\"input\":\(grid()),\"output\":\(grid())}" }
        try FileManager.default.createDirectory(
            at: bench.url("large"), withIntermediateDirectories: true)
        for number in 0..<200 {
            try bench.write(
                "{\"train\":[\(pair()),\(pair())],\"test\":[\(pair())]}",
                to: "large/task\(number).json")
        }
    }

    /// Creates `data` and `run`.
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
            var test_inputs: Int
            var rules: [String: [String: Double]]
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
            for word in ["whole tasks (hrm)", "share per task (trm)", "test inputs (kaggle)"] {
                #expect(evaluated.output.contains(word), "\(evaluated.output)")
            }
            #expect(evaluated.output.contains("2 test inputs"))
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
            #expect(report.arc.test_inputs == 1)
            #expect(report.arc.rules.keys.sorted() == ["hrm", "kaggle", "trm"])
            #expect(report.arc.rules["kaggle"]?["pass@2"] != nil)
            #expect(try bench.listing().contains("mine.json"))
        }
    }

    /// Folders of the reference's first scripts lack the file of tasks.
    @Test func tasksAreToldFromNamesAndArrays() throws {
        try Workbench.use { bench in
            try Self.prepareAndTrain(bench)
            let evaluate = ["evaluate", "--checkpoint", "run", "--data", "data"]
            let known = try Program.run(evaluate, in: bench.folder)
            let submission = try bench.bytes("run/submission.json")
            try FileManager.default.removeItem(at: bench.url("data/test_puzzles.json"))
            let told = try Program.run(evaluate, in: bench.folder)
            #expect(told.status == 0, "\(told.errors)")
            #expect(told.errors.contains("no test_puzzles.json, so its 2 test tasks were told"))
            #expect(told.output == known.output)
            #expect(try bench.bytes("run/submission.json") == submission)

            try FileManager.default.removeItem(at: bench.url("data/identifiers.json"))
            let lost = try Program.run(evaluate, in: bench.folder)
            #expect(lost.status == 0, "\(lost.errors)")
            #expect(lost.errors.contains("no pass@k is measured") && lost.errors.contains("nobody"))
            #expect(!lost.output.contains("pass@"))
            expectFailure(
                try Program.run(evaluate + ["--submission", "s.json"], in: bench.folder),
                mentioning: "nothing to submit", "identifiers.json")
        }
    }

    @Test func pictures() throws {
        try Workbench.use { bench in
            try Self.prepareAndTrain(bench)
            let known = "tasks/evaluation/task4.json"
            let plain = try bench.hrm("solve", "--checkpoint", "run", known)
            let drawn = try bench.hrm(
                "solve", "--checkpoint", "run", "--svg", "a.svg", "--png", "a.png", known)
            #expect(drawn.status == 0 && drawn.output == plain.output, "\(drawn.errors)")
            let svg = String(decoding: try bench.bytes("a.svg"), as: UTF8.self)
            for caption in ["task4, example 2", "task4, test 1", "attempt 1: ", "right answer"] {
                #expect(svg.contains(caption), "\(svg) lacks \(caption)")
            }
            #expect(try bench.bytes("a.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))

            let shown = try bench.hrm(
                "evaluate", "--checkpoint", "run", "--data", "data", "--examples", "2", "--svg",
                "b.svg")
            #expect(shown.status == 0, "\(shown.errors)")
            for text in [shown.output, String(decoding: try bench.bytes("b.svg"), as: UTF8.self)] {
                #expect(text.contains("task4, test 1") && text.contains("task5, test 1"))
                #expect(text.contains("attempt 1: ") && text.contains("right answer"))
            }
            #expect(!shown.output.contains("\u{1B}"))
        }
    }

    /// Pipes have no colours; this is the output of a terminal.
    @Test func attemptsAreMarkedWhereTheyAreWrong() {
        let right = PuzzleGrid(rows: 1, columns: 2, cells: [3, 4])
        let task = ARCTask(
            name: "x", demonstrations: [ARCPair(input: right, output: right)],
            tests: [ARCPair(input: right, output: right)])
        let canvas = ARCCanvas(size: 3)
        var vote = ARCVote(tasks: [task], canvas: canvas)
        func add(_ cells: [UInt8]) {
            let answer = PuzzleGrid(rows: 1, columns: cells.count, cells: cells)
            vote.add(
                name: "x", input: canvas.encode(right).map(Int32.init),
                answer: canvas.encode(answer).map(Int32.init), qHalt: 0)
        }
        for cells in [[3, 7, 7], [3, 7, 7], [3, 4]] as [[UInt8]] { add(cells) }
        let digits = ARCAnswerText.text(of: vote)
        #expect(digits.contains("attempt 1: 2 votes, confidence 50.0 %, wrong\n  3 7 7\n"))
        #expect(!ARCAnswerText.text(of: vote, showsGrids: false).contains("3 7 7"))
        let rows = ARCPictures.answers(of: vote, task: 0)
        #expect(
            rows[0].map(\.caption) == [
                "x, test 1", "attempt 1: wrong", "attempt 2: right", "right answer",
            ])
        #expect(rows[0].map(\.picture.marked) == [[], [1, 2], [], []])
        let demonstration = ARCPictures.demonstrations(of: task)[0]
        #expect(demonstration.map(\.caption) == ["x, example 1", "answer"])
        vote = ARCVote(tasks: [task], canvas: canvas)
        vote.add(
            name: "x", input: canvas.encode(right).map(Int32.init),
            answer: [Int32](repeating: 0, count: 9), qHalt: 0)
        #expect(ARCPictures.answers(of: vote, task: 0)[0][1].picture == .empty)
    }

    @Test func smallGridsHaveAPreset() throws {
        try Workbench.use { bench in
            try Self.writeTasks(bench)
            let prepared = try bench.hrm(
                "prepare", "arc", "--source", "tasks", "--canvas", "5", "--augmentations", "1",
                "--test", "all", "--output", "data")
            #expect(prepared.status == 0, "\(prepared.errors)")
            let trained = try bench.hrm(
                "train", "--data", "data", "--output", "run", "--preset", "arc-small", "--steps",
                "3", "--set", "global_batch_size=4")
            #expect(trained.status == 0, "\(trained.errors)")
            #expect(trained.errors.contains("width 128, 2 + 2 layers, bfloat16"))
            let evaluated = try bench.hrm("evaluate", "--checkpoint", "run", "--data", "data")
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            #expect(evaluated.output.contains("5 tasks"))
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
            #expect(solved.output.contains("z_H moves"))
            let film = try bench.hrm(
                "solve", "--checkpoint", "run", "--trace=cycles", "--json", "--animation", "a.gif",
                "--svg", "a.svg", known)
            #expect(film.status == 0, "\(film.errors)")
            let task = try #require((film.json["tasks"] as? [[String: Any]])?.first)
            let traces = try #require(task["traces"] as? [[[String: Any]]])
            #expect(traces.count == 1 && traces[0].count == 3)
            #expect((traces[0][0]["updates"] as? [Any])?.count == 2)
            #expect(try bench.bytes("a.gif").starts(with: Data("GIF89a".utf8)))
            let svg = String(decoding: try bench.bytes("a.svg"), as: UTF8.self)
            #expect(svg.contains("How far the states move"))
            let single = try bench.hrm(
                "solve", "--checkpoint", "run/model.safetensors", "--data", "data", "--votes", "1",
                known)
            #expect(single.status == 0, "\(single.errors)")
            #expect(single.output.contains("1 answer, 1 different"))

            try bench.write(Self.task(7), to: "stranger.json")
            try bench.write("{", to: "broken.json")
            let halting = try bench.hrm(
                "solve", "--checkpoint", "run", "--json", "--halt", "0.000001", known)
            #expect((try halting.json["tasks"] as? [Any])?.count == 1, "\(halting.errors)")
            expectFailure(
                try bench.hrm("solve", "--checkpoint", "run", "--checker", known),
                mentioning: "--checker", "ARC")
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

    /// A line per source states the use of its tasks.
    @Test func sourcesSayWhatTheyAreUsedFor() throws {
        try Workbench.use { bench in
            try Self.writeTasks(bench)
            func prepare(_ name: String, _ more: String...) throws -> Program.Result {
                try Program.run(
                    [
                        "prepare", "arc", "--source", "tasks", "--augmentations", "0", "--output",
                        name,
                    ]
                        + more, in: bench.folder)
            }
            let guessed = try prepare("a")
            #expect(guessed.output.contains("tasks/evaluation: 2 tasks, measured on\n"))
            #expect(
                guessed.output.contains(
                    "tasks/training: 3 tasks, trained on, test pairs included\n"))
            #expect(guessed.output.contains("a/test: 2 tasks"))
            #expect(!guessed.errors.contains("trained on"), "\(guessed.errors)")

            let named = try prepare("b", "--evaluation", "training")
            #expect(named.output.contains("tasks/training: 3 tasks, measured on"))
            #expect(named.output.contains("b/test: 3 tasks"))
            #expect(
                named.errors.contains("the test pairs of tasks/evaluation are trained on"),
                "\(named.errors)")
            let path = try prepare("g", "--evaluation", "./tasks/training/")
            #expect(path.output.contains("tasks/training: 3 tasks, measured on"), "\(path.errors)")
            let told = try prepare("c", "--test", "none")
            #expect(told.output.contains("tasks/evaluation: 2 tasks, trained on, test pairs"))
            expectFailure(
                try prepare("d", "--evaluation", "nothing"), mentioning: "nothing: no source")

            let chosen = try prepare("e", "--tasks", "task5, task1")
            #expect(
                chosen.output.contains("e/train: 2 tasks") && chosen.output.contains("test: 1 task")
            )
            expectFailure(
                try prepare("f", "--tasks", "task1,task9"), mentioning: "task9", "among 5 tasks")
        }
    }

    /// Lists of pairs have no test pairs to evaluate on.
    @Test func pairsAloneAreTrainedOn() throws {
        try Workbench.use { bench in
            let pair = "{\"input\":[[1,0]],\"output\":[[2]]}"
            try bench.write("[\(pair),\(pair)]", to: "10203040.json")
            try bench.write("[{\"input\":[[1,0]],\"output\":[[3]]},\(pair)]", to: "10203041.json")
            let result = try bench.hrm(
                "prepare", "arc", "--source", ".", "--augmentations", "0", "--output", "data")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("data/train: 2 tasks, 2 with variations, 4 pairs"))
            #expect(result.output.contains("2 tasks, trained on, without test pairs"))
            #expect(!result.output.contains("data/test"))
            #expect(result.errors.contains("there is no test split"))
            #expect(result.errors.contains("10203041 has two pairs with the same input"))
        }
    }

    /// The work is so much that it cannot end before somebody sees that it has begun.
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

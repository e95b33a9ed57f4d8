import Foundation
import Testing

/// The files of tasks, and the use of each.
extension ARCTests {
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
            #expect(
                lost.errors.contains("no pass@k is measured") && lost.errors.contains("unknown"))
            #expect(!lost.output.contains("pass@"))
            expectFailure(
                try Program.run(evaluate + ["--submission", "s.json"], in: bench.folder),
                mentioning: "nothing to submit", "identifiers.json")
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
}

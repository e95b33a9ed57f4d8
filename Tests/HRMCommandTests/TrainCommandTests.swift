import Foundation
import Testing

@testable import HRMCommand
@testable import HRMTraining

/// The output and the errors of `hrm train` before the first step.
@Suite struct TrainCommandTests {
    @Test func aTimeWithoutAStepIsRefused() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let before = try bench.listing()
            func train(_ minutes: String, _ more: String...) throws -> Program.Result {
                try bench.hrm(
                    ["train", "--data", "data", "--output", "run", "--minutes", minutes] + more
                        + Workbench.tiny)
            }
            expectFailure(
                try train("0.000001"), status: 2, mentioning: "a step takes about",
                "give it at least")
            for minutes in ["1e-9", "0", "nan", "inf"] {
                expectFailure(
                    try train(minutes, "--steps", "9"), status: 2, mentioning: "--minutes",
                    "0.000001")
            }
            #expect(try bench.listing() == before)
            let late = try train("0.000001", "--steps", "1000")
            #expect(late.status == 0, "\(late.errors)")
            #expect(late.errors.contains("The time is over after step 1;"), "\(late.errors)")
        }
    }

    @Test func theTimesOfStepsAndEvaluationsAreSaid() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let result = try bench.hrm(
                ["train", "--data", "data", "--output", "run", "--minutes", "0.005"]
                    + Workbench.tiny)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("A step takes about "), "\(result.errors)")
        }
        func lines(_ steps: Int, onTheWay: Int, _ seconds: Double, end: Double) -> [String] {
            let plan = StepPlan(
                steps: steps, secondsPerStep: 0.5, intermediateEvaluations: onTheWay,
                secondsOnTheWay: seconds, secondsAtEnd: end)
            return StepPlanText.lines(of: plan, within: 60)
        }
        #expect(
            lines(108, onTheWay: 0, 0, end: 0)
                == ["A step takes about 0.50 s: 108 steps fit into 1 min 00 s"])
        #expect(
            lines(90, onTheWay: 2, 4, end: 5) == [
                "A step takes about 0.50 s: 90 steps fit into 1 min 00 s, with 3 evaluations of about "
                    + "9.0 s together"
            ])
        let late = lines(1, onTheWay: 0, 0, end: 90)
        #expect(
            late[0].hasSuffix("1 step fits into 1 min 00 s, with 1 evaluation of about 1 min 30 s"))
        #expect(late[1].contains("at the end takes about 1 min 30 s, longer than the time"))
        #expect(lines(30, onTheWay: 0, 0, end: 40)[1].contains("most of the time that is given"))
        #expect(lines(30, onTheWay: 9, 40, end: 2)[1].contains("--evaluation-limit"))
    }

    /// A number of epochs takes effect in either spelling, or is refused.
    @Test func epochsThatAreSetAreNotPassedOver() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            expectFailure(
                try bench.hrm(
                    "train", "--resume", "run", "--minutes", "1", "--set", "epochs=9"),
                status: 2, mentioning: "epochs", "--resume", "use --steps")
            let train = ["train", "--data", "data", "--output", "new"] + Workbench.tiny
            expectFailure(
                try bench.hrm(train + ["--set", "epochs=9", "--steps", "3"]), status: 2,
                mentioning: "--set epochs or --steps, not both")
            expectFailure(
                try bench.hrm(train + ["--set", "epochs=9", "--epochs", "8"]), status: 2,
                mentioning: "--set epochs or --epochs, not both")
            // No steps are timed, because these epochs end before the time.
            let result = try bench.hrm(train + ["--minutes", "100", "--set", "epochs=1"])
            #expect(result.status == 0, "\(result.errors)")
            #expect(!result.errors.contains("A step takes about"), "\(result.errors)")
            #expect(result.errors.contains("The run is finished"), "\(result.errors)")
        }
    }

    @Test func assignmentsAreFoundInAllSpellings() {
        func found(_ keys: String..., in settings: String...) -> [String] {
            keys.filter { SettingAssignments.sets($0, in: settings) }
        }
        #expect(
            found(
                "arch.H_cycles", "arch.L_cycles", "epochs", "muon.lr", "lr",
                in: "H_cycles=2", "muon.lr=1", "epochs=3=4")
                == ["arch.H_cycles", "epochs", "muon.lr"])
        #expect(found("arch.H_cycles", in: "arch.H_cycles=2") == ["arch.H_cycles"])
        #expect(found("muon.lr", "lr", in: "lr=1") == ["lr"])
        #expect(found("interleaved_batches", in: "open_batches=1") == ["interleaved_batches"])
    }

    @Test func theNextEvaluationIsAnnounced() {
        let schedule = EvaluationSchedule(totalSteps: 50, interval: 20)
        func text(_ step: Int, last: Double? = nil) -> String? {
            schedule.text(after: step, stepsPerSecond: 2, lastSeconds: last)
        }
        #expect(text(1) == "evaluation in 9.5 s")
        #expect(text(20) == nil)
        #expect(text(21, last: 75) == "evaluation in 9.5 s, the last took 1 min 15 s")
        // The time of the final evaluation.
        #expect(text(48) == "evaluation in 1.0 s")
        #expect(text(50) == nil)
        let once = EvaluationSchedule(totalSteps: 50, interval: nil)
        #expect(once.text(after: 10, stepsPerSecond: 1, lastSeconds: nil) == "evaluation in 40 s")
    }

    /// The name of an included model takes precedence, and every command says so.
    @Test func aFolderOfAShippedModelsNameIsNotMeant() throws {
        try Workbench.use { bench in
            try bench.prepare()
            try FileManager.default.createDirectory(
                at: bench.url("sudoku-4x4"), withIntermediateDirectories: true)
            let note = "Note: sudoku-4x4 is the model that comes with hrm; write ./sudoku-4x4"
            let trained = try bench.hrm(
                "train", "--data", "data", "--output", "run", "--from-weights", "sudoku-4x4",
                "--steps",
                "1", "--set", "global_batch_size=4", "--set", "halt_max_steps=1")
            #expect(trained.status == 0 && trained.errors.contains(note), "\(trained.errors)")
            let evaluated = try bench.hrm(
                "evaluate", "--checkpoint", "sudoku-4x4", "--data", "data", "--limit", "1")
            #expect(evaluated.status == 0 && evaluated.errors.contains(note), "\(evaluated.errors)")
            expectFailure(
                try bench.hrm(
                    "train", "--data", "data", "--output", "b", "--from-weights", "./sudoku-4x4"),
                mentioning: "not a run folder")
        }
    }

    /// The remedy of one message never leads to settings that another message advises against.
    @Test func weightsThatNoSettingMakesFit() throws {
        try Workbench.use { bench in
            func prepare(_ name: String, _ more: String...) throws {
                let result = try bench.hrm(
                    ["prepare"] + more + [
                        "--generate", "8", "--test-size", "2", "--output", name,
                    ])
                try #require(result.status == 0, "\(result.errors)")
            }
            try prepare("tall", "sudoku", "--size", "6", "--boxes", "3x2")
            try prepare("flat", "sudoku", "--size", "6")
            func train(_ data: String, _ weights: String, _ more: String...) throws
                -> Program.Result
            {
                try bench.hrm(
                    ["train", "--data", data, "--output", "run", "--from-weights", weights] + more)
            }
            let boxes = [
                "they know boxes of 2 rows and 3 columns, and the data have boxes of 3 rows and 2 columns",
                "begin with new weights", "with relations=row,column,tall_box",
            ]
            for more in [[], ["--set", "relations=row,column,tall_box"]] {
                let result = try bench.hrm(
                    ["train", "--data", "tall", "--output", "run", "--from-weights", "sudoku-6x6"]
                        + more)
                for words in boxes { expectFailure(result, mentioning: words) }
            }
            // Without weights, and with weights that fit, the relations are the problem.
            expectFailure(
                try bench.hrm(
                    "train", "--data", "tall", "--output", "run", "--preset", "sudoku-tiny",
                    "--set",
                    "symbols=6", "--set", "hidden_size=192"),
                mentioning: "use relations=row,column,tall_box")
            expectFailure(
                try train("flat", "sudoku-6x6", "--set", "relations=row,column"),
                mentioning: "set arch.relations=row,column,box")
            for more in [[], ["--set", "symbols=6"]] {
                let result = try bench.hrm(
                    ["train", "--data", "flat", "--output", "run", "--from-weights", "sudoku-9x9"]
                        + more)
                expectFailure(
                    result, mentioning: "they are for puzzles of 11 tokens, and the data have 8",
                    "begin with new weights")
            }
            #expect(!FileManager.default.fileExists(atPath: bench.url("run").path))
        }
    }

    @Test func theWeightsOfTheBeginningAreNamedOnce() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let arguments = [
                "train", "--data", "data", "--from-weights", "run", "--output", "more",
            ]
            let first = try bench.hrm(arguments + ["--steps", "2"])
            #expect(first.errors.contains("Weights: those of run\n"), "\(first.errors)")
            let resumed = try bench.hrm("train", "--resume", "more", "--steps", "3")
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(!resumed.errors.contains("Weights:"), "\(resumed.errors)")
            let frozen = try bench.hrm(
                "train", "--data", "data", "--from-weights", "run", "--output", "rows", "--steps",
                "2",
                "--set", "freeze_weights=true")
            #expect(
                frozen.errors.contains("Weights: those of run; the puzzle embedding alone learns"))
            let rows = try bench.hrm("train", "--resume", "rows", "--steps", "3")
            #expect(
                rows.errors.contains("Weights: the run's own, of which the puzzle embedding alone"),
                "\(rows.errors)")
        }
    }

    @Test func settingsForOtherPuzzlesAreNamed() throws {
        try Workbench.use { bench in
            let maze = try bench.hrm(
                "prepare", "maze", "--generate", "8", "--test-size", "2", "--size", "6", "--output",
                "data")
            try #require(maze.status == 0, "\(maze.errors)")
            func train(_ output: String, _ more: String...) throws -> Program.Result {
                let result = try bench.hrm(
                    ["train", "--data", "data", "--output", output, "--steps", "1"] + more
                        + Workbench.tinyShared)
                #expect(result.status == 0, "\(result.errors)")
                return result
            }
            let preset = ["--preset", "sudoku-tiny", "--set", "symbols=0"]
            let note =
                "Note: relations=row,column,box lacks the cells beside a cell, by which a way"
            #expect(
                try train("a", preset[0], preset[1], preset[2], preset[3]).errors.contains(note))
            #expect(try train("b", "--config", "a/all_config.yaml").errors.contains(note))
            let resumed = try bench.hrm("train", "--resume", "b", "--steps", "2")
            #expect(resumed.status == 0 && !resumed.errors.contains("Note:"), "\(resumed.errors)")
            // Settings given by name cause no warning.
            let meant = try train(
                "c", "--config", "a/all_config.yaml", "--set", "relations=row,column")
            #expect(!meant.errors.contains("Note:"), "\(meant.errors)")

            try bench.write(
                """
                data: data
                preset: sudoku-tiny
                budget: 1e9
                settings: {symbols: 0, hidden_size: 16, global_batch_size: 4}
                experiments:
                - name: one
                - name: two
                  settings: {relations: 'row,column'}
                """, to: "sweep.yaml")
            let sweep = try bench.hrm("sweep", "sweep.yaml", "--output", "sweep", "--plan")
            #expect(sweep.status == 0, "\(sweep.errors)")
            #expect(
                sweep.errors.contains("Note: experiment 'one': relations=row,column,box lacks"),
                "\(sweep.errors)")
            #expect(!sweep.errors.contains("'two'"), "\(sweep.errors)")
        }
    }
}

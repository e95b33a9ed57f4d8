import Foundation
import Testing

/// `hrm train --resume` with the real program.
@Suite struct ResumeCommandTests {
    private static let settings =
        ["train", "--data", "data", "--steps", "12", "--set", "eval_interval=2"] + Workbench.tiny

    /// Ends a run with a signal as soon as it has made a step, if it has not ended before.
    private static func start(
        _ arguments: [String], in bench: Workbench, endingBy signal: Int32
    ) throws -> Program.Result {
        let started = try Program.start(arguments, in: bench.folder)
        let metrics = bench.url("broken/metrics.jsonl")
        let before = (try? Data(contentsOf: metrics))?.count ?? 0
        while started.process.isRunning, (try? Data(contentsOf: metrics))?.count ?? 0 <= before {
            Thread.sleep(forTimeInterval: 0.002)
        }
        kill(started.process.processIdentifier, signal)
        return try started.finish()
    }

    @Test(arguments: [SIGKILL, SIGTERM]) func aBrokenRunEndsLikeAWholeOne(signal: Int32) throws {
        try Workbench.use { bench in
            try bench.prepare()
            let whole = try bench.hrm(Self.settings + ["--output", "whole"])
            #expect(whole.status == 0, "\(whole.errors)")
            var result = try Self.start(
                Self.settings + ["--output", "broken", "--checkpoint-steps", "1"], in: bench,
                endingBy: signal)
            var resumes = 0
            while result.status != 0, resumes < 40 {
                #expect([signal, 128 + signal].contains(result.status), "\(result.errors)")
                resumes += 1
                result = try Self.start(
                    ["train", "--resume", "broken", "--checkpoint-steps", "1"], in: bench,
                    endingBy: resumes < 4 ? signal : SIGCONT)
            }
            #expect(resumes >= 1 && result.status == 0, "\(result.errors)")
            for file in ["metrics.jsonl", "model.safetensors", "best.safetensors"] {
                #expect(
                    try bench.bytes("whole/\(file)") == bench.bytes("broken/\(file)"), "\(file)")
            }
        }
    }

    @Test func aRunOutOfTimeSaysHowToGoOn() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let late = try bench.hrm(
                [
                    "train", "--data", "data", "--output", "run", "--steps", "1000000", "--minutes",
                    "0.001",
                ] + Workbench.tiny)
            #expect(late.status == 0, "\(late.errors)")
            #expect(late.errors.contains("The time is over after step"))
            #expect(late.errors.contains("hrm train --resume run"))
            #expect(late.output.contains("exact_accuracy"))
            let lines = try bench.bytes("run/metrics.jsonl").count { $0 == 0x0A }
            let more = try bench.hrm("train", "--resume", "run", "--steps", "\(lines + 2)")
            #expect(more.status == 0, "\(more.errors)")
            #expect(more.errors.contains("The run is finished"))
            let again = try bench.hrm("train", "--resume", "run")
            expectFailure(again, mentioning: "is finished", "--steps")
        }
    }

    /// The number of steps that fit the time becomes the run's own.
    @Test func aTimeBecomesANumberOfSteps() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let first = try bench.hrm(
                ["train", "--data", "data", "--output", "run", "--minutes", "0.01"]
                    + Workbench.tiny)
            #expect(first.status == 0, "\(first.errors)")
            func steps() throws -> Int {
                let text = try bench.bytes("run/run.json")
                let object = try JSONSerialization.jsonObject(with: text) as? [String: Any]
                return try #require(object?["total_steps"] as? Int)
            }
            let chosen = try steps()
            #expect(chosen >= 1)
            if first.errors.contains("The time is over") {
                let more = try bench.hrm("train", "--resume", "run")
                #expect(more.errors.contains("The run is finished"), "\(more.errors)")
            }
            #expect(try steps() == chosen)
            let again = try bench.hrm(
                ["train", "--data", "data", "--output", "again", "--steps", "\(chosen)"]
                    + Workbench.tiny)
            #expect(again.status == 0, "\(again.errors)")
            #expect(
                try bench.bytes("run/model.safetensors") == bench.bytes("again/model.safetensors"))
        }
    }

    @Test func whatCannotGoOnIsExplained() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            expectFailure(
                try bench.hrm("train", "--resume", "nowhere"), mentioning: "nowhere",
                "all_config.yaml")
            expectFailure(
                try bench.hrm("train", "--resume", "run", "--output", "other"), status: 2,
                mentioning: "--resume")
            expectFailure(
                try bench.hrm("train"), status: 2, mentioning: "--data", "--resume")
            expectFailure(
                try bench.hrm(
                    "train", "--resume", "run", "--steps", "9", "--set", "hidden_size=32"),
                mentioning: "arch.hidden_size", "begin a new run")
            // The state after an interruption, with more steps than requested.
            let finished = String(decoding: try bench.bytes("run/run.json"), as: UTF8.self)
            try bench.write(
                finished.replacingOccurrences(of: "\"finished\"", with: "\"interrupted\""),
                to: "run/run.json")
            let description = try bench.bytes("run/run.json")
            expectFailure(
                try bench.hrm("train", "--resume", "run", "--steps", "1"),
                mentioning: "steps already, and cannot end after 1")
            #expect(try bench.bytes("run/run.json") == description)
            try bench.write(finished, to: "run/run.json")
            let other = try bench.hrm(
                "prepare", "sudoku", "--generate", "12", "--test-size", "10", "--size", "4",
                "--givens", "8", "--seed", "1", "--output", "other")
            #expect(other.status == 0)
            expectFailure(
                try bench.hrm("train", "--resume", "run", "--steps", "9", "--data", "other"),
                mentioning: "other", "not the one")
            let before = try bench.listing()
            #expect(!before.contains { $0.hasSuffix(".tmp") })
        }
    }

    @Test func aDamagedCheckpointIsTold() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let first = try bench.train(steps: 3, "--checkpoint-steps", "1")
            try #require(first.status == 0, "\(first.errors)")
            try bench.write("no", to: "run/checkpoints/step-000000003.safetensors")
            let result = try bench.hrm("train", "--resume", "run", "--steps", "4")
            #expect(result.status == 0, "\(result.errors)")
            let lines = result.errors.split(separator: "\n")
            let note = lines.first { $0.hasPrefix("Note: ") } ?? ""
            #expect(note.contains("step-000000003.safetensors"), "\(result.errors)")
            #expect(note.hasSuffix("; the checkpoint before it is taken"), "\(result.errors)")
            #expect(lines.contains("Going on after step 2 of 4"), "\(result.errors)")
        }
    }

    @Test func theAverageIsEvaluatedAndKept() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let result = try bench.hrm(
                ["train", "--data", "data", "--output", "run", "--steps", "3", "--set", "ema=true"]
                    + Workbench.tiny)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("The average of the weights"))
            let metrics = try String(contentsOf: bench.url("run/metrics.jsonl"), encoding: .utf8)
            #expect(metrics.contains("\"ema.all.exact_accuracy\":"))
            for file in [
                "run", "run/model.safetensors", "run/model_ema.safetensors",
                "run/best.safetensors", "run/checkpoints/step-000000003.safetensors",
            ] {
                let evaluated = try bench.hrm(
                    "evaluate", "--halt", "never", "--checkpoint", file, "--data", "data", "--json")
                #expect(evaluated.status == 0, "\(file): \(evaluated.errors)")
            }
        }
    }
}

import ArgumentParser
import Foundation
import HRMData
import HRMFigures
import HRMFiles
import HRMPerTask
import HRMTensor
import Synchronization

/// Evaluates on many ARC tasks, each learned by itself, and prints the figures.
struct TaskSetEvaluator {
    let options: TaskSetOptions
    let learning: PerTaskOptions
    let workers: Workers
    let submission: String?
    let isJSON: Bool

    /// Runs the evaluation, or goes on with it.
    ///
    /// - Throws: An error with the file it concerns; the exit status of a signal.
    func evaluate() throws {
        guard let output = options.output else {
            throw UsageError("name a folder for the results with --output")
        }
        let selection = try TaskSetSelection(options, seed: learning.seed)
        let folder = URL(fileURLWithPath: output)
        let run = try TaskSetRun(selection.tasks, in: folder, options: learning)
        let submission =
            submission.map { URL(fileURLWithPath: $0) }
            ?? folder.appendingPathComponent("submission.json")
        try AtomicFile.check(submission)
        StopSignal.listen()
        Console.outliveReaders()
        let isFinished = try learn(run)

        let report = TaskSetReport(tasks: run.tasks, results: run.results)
        let text = TaskSetText(
            report: report, tasks: selection.tasks.count, population: selection.population,
            diverged: run.results.count { $0?.ending == .diverged })
        let finished = zip(run.tasks, run.results).compactMap { task, result in
            result.map { (name: task.name, tests: $0.attempts) }
        }.sorted { $0.name < $1.name }
        try AtomicFile.write(Data(ARCSubmission(finished).jsonText.utf8), to: submission)
        if isJSON {
            var members = text.members
            members["results"] = .text(output)
            members["submission"] = .text(submission.relativePath)
            members["task_results"] = .list(
                zip(run.tasks, run.results).compactMap { task, result in
                    result.map { .object(Self.members(of: $0, for: task)) }
                })
            try Console.print(JSONValue.object(members).line())
        } else {
            try Console.print(text.text, terminator: "")
        }
        Console.tell(
            "The results are in \(output), two attempts at each test input in "
                + submission.relativePath)
        if let signal = StopSignal.current, !isFinished {
            Console.tell(
                "\(StopSignal.name(of: signal)): the evaluation was ended; the same command goes on "
                    + "with it")
            throw ExitCode(StopSignal.exitStatus(of: signal))
        }
    }

    private func learn(_ run: TaskSetRun) throws -> Bool {
        let display = Mutex(ProgressDisplay())
        defer { display.withLock { $0.clear() } }
        return try run.run(
            workers: workers, checkpointSteps: options.checkpointSteps ?? 100,
            shouldStop: { StopSignal.current != nil }
        ) { event, progress in
            display.withLock { display in
                switch event {
                case .step: break
                case .finished(let result):
                    let task = run.tasks.first { $0.name == result.task }
                    display.tell(Self.line(of: result, for: task))
                case .stateIgnored(let error):
                    display.tell("Note: \(error); the task begins again")
                }
                display.show { Self.bar(of: progress, elapsed: $0) }
            }
        }
    }

    private static func bar(of progress: TaskSetRun.Progress, elapsed: Double) -> ProgressBar {
        let done = progress.fraction - progress.startFraction
        let rest = 1 - progress.startFraction
        return ProgressBar(
            fraction: progress.fraction,
            activity: "\(progress.finished) of \(progress.total.grouped("task"))",
            secondsLeft: ProgressBar.secondsLeft(
                elapsed: elapsed, fraction: rest > 0 ? done / rest : 1))
    }

    /// Returns a line about a finished task.
    private static func line(of result: TaskResult, for task: ARCTask?) -> String {
        let end =
            "\(result.steps.counted("step")), \(NumberText.duration(seconds: result.seconds))"
            + (result.ending == .diverged ? "; it ended because the losses were no numbers" : "")
        guard let ranks = task.flatMap({ result.ranks(for: $0) }) else {
            return "\(result.task): \(end)"
        }
        let worst = ranks.contains(nil) ? nil : ranks.compactMap { $0 }.max()
        let verdict =
            switch worst {
            case nil: "not solved, no candidate was right"
            case 1: "solved by the first attempt"
            case 2: "solved by the second attempt"
            case let rank?: "not solved, the right candidate has rank \(rank)"
            }
        return "\(result.task): \(verdict), \(end)"
    }

    private static func members(
        of result: TaskResult, for task: ARCTask
    ) -> [String: JSONValue] {
        let ranks = result.ranks(for: task)
        return [
            "task": .text(result.task), "steps": .integer(result.steps),
            "ending": .text(result.ending.rawValue), "seconds": .number(result.seconds),
            "flop": .number(result.flop), "largest_side": .integer(result.largestSide),
            "candidates": .list(result.tests.map { .integer($0.candidates) }),
            "ranks": ranks.map { .list($0.map { $0.map { .integer($0) } ?? .null }) } ?? .null,
        ]
    }
}

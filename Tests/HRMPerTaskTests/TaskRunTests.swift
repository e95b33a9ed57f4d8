import Foundation
import HRMData
import HRMFiles
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMPerTask

/// Runs of one task: their end, and breaks.
@Suite struct TaskRunTests {
    static func run(
        _ task: ARCTask, _ options: PerTaskOptions, breaks: Int = .max
    ) throws -> TaskRun {
        TaskRun(try TaskExamples(task), options: options) { task, _, seed in
            ScriptedLearner(task, seed: seed, breaks: breaks)
        }
    }

    static func finish(_ run: TaskRun) {
        while run.ending == nil { run.step() }
    }

    @Test func endsForEveryReason() throws {
        let task = SampleTasks.task("a")
        let steps = try Self.run(task, PerTaskOptions(steps: 7))
        Self.finish(steps)
        #expect(steps.ending == .steps && steps.progress.step == 7)
        #expect(steps.progress.flop == 7 * steps.cost.flopPerStep)

        let stable = try Self.run(task, PerTaskOptions(steps: 5000, stableSteps: 20))
        Self.finish(stable)
        let progress = stable.progress
        #expect(progress.ending == .stable && progress.stableSteps == 20)
        #expect(progress.step >= 170 && progress.step < 5000)

        let time = try Self.run(task, PerTaskOptions(duration: .zero))
        Self.finish(time)
        #expect(time.ending == .time && time.progress.step == 1)

        let diverged = try Self.run(task, PerTaskOptions(steps: 50), breaks: 9)
        Self.finish(diverged)
        #expect(diverged.ending == .diverged && diverged.progress.step == 10)
        #expect(diverged.progress.attempts[0].count == 2)

        let cancelled = try Self.run(task, PerTaskOptions(steps: 50))
        cancelled.step()
        #expect(cancelled.ending == nil && cancelled.progress.ending == nil)
        #expect(cancelled.solution(of: task, isCancelled: true).ending == .cancelled)
    }

    @Test(arguments: [CandidateUnit.task, .output]) func continuesBitForBit(
        _ unit: CandidateUnit
    ) throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("state.safetensors")
            let options = PerTaskOptions(steps: 60, seed: 5, unit: unit)
            for task in [
                SampleTasks.task("a", tests: 2), SampleTasks.task("b", sizesVary: true),
            ] {
                let whole = try Self.run(task, options)
                Self.finish(whole)
                for pause in [0, 1, 25, 59] {
                    let first = try Self.run(task, options)
                    for _ in 0..<pause { first.step() }
                    try TaskRunFile.write(first, to: url)
                    let second = try Self.run(task, options)
                    try TaskRunFile.read(url, into: second)
                    #expect(second.progress.step == pause)
                    #expect(second.seconds == first.seconds)
                    Self.finish(second)
                    #expect(second.learner.state() == whole.learner.state())
                    #expect(second.selection.tallies == whole.selection.tallies)
                    #expect(second.selection.running == whole.selection.running)
                    #expect(second.selection.lastChange == whole.selection.lastChange)
                }
            }
        }
    }

    @Test func statesOfOthersAreRefused() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("state.safetensors")
            let task = SampleTasks.task("a")
            let run = try Self.run(task, PerTaskOptions(steps: 60))
            for _ in 0..<5 { run.step() }
            try TaskRunFile.write(run, to: url)
            func problem(_ task: ARCTask, _ options: PerTaskOptions) throws -> TaskRunFileError? {
                let run = try Self.run(task, options)
                do throws(TaskRunFileError) {
                    try TaskRunFile.read(url, into: run)
                    return nil
                } catch {
                    #expect(run.progress.step == 0)
                    #expect(error.description.contains(url.path))
                    return error
                }
            }
            // Limits may differ, also the correct answers of the task.
            var answered = task
            answered.tests[0].output = nil
            #expect(try problem(answered, PerTaskOptions(steps: 90, stableSteps: 4)) == nil)
            #expect(
                try problem(task, PerTaskOptions(seed: 1)) == .otherSettings(path: url.path))
            #expect(
                try problem(task, PerTaskOptions(unit: .output))
                    == .otherSettings(path: url.path))
            #expect(
                try problem(task, PerTaskOptions(changes: [.wideDiagonals]))
                    == .otherSettings(path: url.path))
            #expect(
                try problem(SampleTasks.task("a", seed: 2), PerTaskOptions())
                    == .otherTask(path: url.path, task: "a"))
            #expect(
                try problem(SampleTasks.task("b"), PerTaskOptions())
                    == .otherTask(path: url.path, task: "b"))
            try Data("{}".utf8).write(to: url)
            guard case .file = try problem(task, PerTaskOptions()) else {
                Issue.record("a file that is no state")
                return
            }
        }
    }

    /// Damaged states are refused, or give runs that go on.
    @Test func stateSurvivesMutation() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("state.safetensors")
            let options = PerTaskOptions(steps: 60, unit: .output)
            let task = SampleTasks.task("a", tests: 2, sizesVary: true)
            let run = try Self.run(task, options)
            for _ in 0..<12 { run.step() }
            try TaskRunFile.write(run, to: url)
            let original = Array(try Data(contentsOf: url))
            let readable = try Mutations(
                "state of a task", count: 2000, seed: 20, telling: Array("0123456789,:[]\"".utf8),
                slowness: 20
            ).run(on: [original]) { round in
                try Data(round.bytes).write(to: url)
                let run = try Self.run(task, options)
                do throws(TaskRunFileError) {
                    try TaskRunFile.read(url, into: run)
                } catch {
                    #expect(!error.description.isEmpty, "\(round.description)")
                    return false
                }
                run.step()
                return run.progress.attempts.count == 2
            }
            #expect(readable > 0)
        }
    }

    /// Correct answers cannot change what is learned or answered.
    @Test func correctAnswersChangeNothing() throws {
        let task = SampleTasks.task("a", tests: 2)
        var other = task
        for index in other.tests.indices {
            other.tests[index].output = PuzzleGrid(
                rows: 30, columns: 1, cells: Array(repeating: 9, count: 30))
        }
        var solutions: [PerTaskSolution] = []
        for task in [task, other] {
            let run = try Self.run(task, PerTaskOptions(steps: 40))
            Self.finish(run)
            solutions.append(run.solution(of: task))
        }
        #expect(solutions[0].candidates == solutions[1].candidates)
        #expect(solutions[0].progress.attempts == solutions[1].progress.attempts)
        #expect(solutions[1].ranks == [nil, nil])
    }

    @Test func ranksAreThoseOfTheCandidates() throws {
        var task = SampleTasks.task("a", tests: 2)
        let run = try Self.run(task, PerTaskOptions(steps: 40, unit: .output))
        Self.finish(run)
        let pool = run.solution(of: task).candidates
        task.tests[0].output = pool[0][4].grid
        task.tests[1].output = pool[1][0].grid
        let solution = run.solution(of: task)
        #expect(solution.ranks == [5, 1] && solution.jointRank == nil)
        task.tests[0].output = pool[0][0].grid
        #expect(run.solution(of: task).jointRank == 1)
        task.tests[0].output = nil
        #expect(run.solution(of: task).ranks == [nil, 1])
    }

    @Test func namesSelectTheSeeds() {
        let seeds = Set(
            ["a", "b", "ab", ""].flatMap { name in
                [0, 1].map { TaskRun.seed($0, task: name) }
            })
        #expect(seeds.count == 8)
        #expect(TaskRun.seed(3, task: "a") == TaskRun.seed(3, task: "a"))
    }
}

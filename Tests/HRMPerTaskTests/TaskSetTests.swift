import Foundation
import HRMData
import HRMFiles
import HRMTensor
import Synchronization
import Testing
import _HRMTestSupport

@testable import HRMPerTask

/// Evaluations of many tasks: breaks, files and figures.
@Suite struct TaskSetTests {
    static let tasks = (0..<6).map {
        SampleTasks.task(
            "Task \($0)", side: 2 + $0, tests: 1 + $0 % 2, sizesVary: $0 % 3 == 0,
            seed: UInt64($0))
    }
    static let options = PerTaskOptions(steps: 30, seed: 4)

    static func open(
        _ folder: URL, tasks: [ARCTask] = tasks, options: PerTaskOptions = options
    ) throws -> TaskSetRun {
        try TaskSetRun(
            tasks, in: folder.appendingPathComponent("set"), options: options,
            makeLearner: ScriptedLearner.factory)
    }

    /// Results without the only figure that depends on the clock.
    static func timeless(_ results: [TaskResult?]) -> [TaskResult?] {
        results.map {
            var result = $0
            result?.seconds = 0
            return result
        }
    }

    static func whole() throws -> [TaskResult?] {
        try withScratchFolder { folder in
            let run = try open(folder)
            let isFinished = try run.run(
                workers: Workers(count: 1), checkpointSteps: 1000, shouldStop: { false },
                onEvent: { _, _ in })
            #expect(isFinished)
            let names = try names(in: folder.appendingPathComponent("set/states"))
            #expect(names.isEmpty)
            return timeless(run.results)
        }
    }

    @Test(arguments: [1, 3]) func breaksChangeNothing(_ workers: Int) throws {
        let expected = try Self.whole()
        try #require(expected.count == 6 && expected.allSatisfy { $0 != nil })
        try withScratchFolder { folder in
            // Ends after ever more steps, in the midst of tasks; stored every 7 steps.
            var calls = 0
            var isFinished = false
            while !isFinished, calls < 100 {
                let limit = 5 + calls * 3
                calls += 1
                let steps = Atomic<Int>(0)
                let run = try Self.open(folder)
                isFinished = try run.run(
                    workers: Workers(count: workers), checkpointSteps: 7,
                    shouldStop: { steps.load(ordering: .relaxed) >= limit }
                ) { event, progress in
                    if case .step = event { steps.add(1, ordering: .relaxed) }
                    if case .stateIgnored(let error) = event { Issue.record("\(error)") }
                    #expect(progress.fraction >= progress.startFraction)
                }
                if isFinished { #expect(Self.timeless(run.results) == expected) }
            }
            #expect(isFinished && calls > 3)
            // A further call computes nothing.
            let again = try Self.open(folder)
            try again.run(
                workers: Workers(count: workers), checkpointSteps: 7, shouldStop: { false }
            ) { event, _ in Issue.record("\(event)") }
            #expect(Self.timeless(again.results) == expected)
        }
    }

    /// A process that is killed loses the steps since the last stored state, and nothing else.
    @Test func killsChangeNothing() throws {
        let expected = try Self.whole()
        try withScratchFolder { folder in
            let set = folder.appendingPathComponent("set")
            let steps = Atomic<Int>(0)
            let run = try Self.open(folder)
            try run.run(
                workers: Workers(count: 1), checkpointSteps: 10,
                shouldStop: { steps.load(ordering: .relaxed) >= 44 }
            ) { event, _ in if case .step = event { steps.add(1, ordering: .relaxed) } }
            // The state of step 14 is replaced by that of step 10, as a kill would leave it.
            let state = try #require(
                try names(in: set.appendingPathComponent("states")).first)
            let url = set.appendingPathComponent("states").appendingPathComponent(state)
            let task = try #require(
                run.tasks.first { run in
                    url.lastPathComponent == TaskSetFolder.fileName(run.name) + ".safetensors"
                })
            let earlier = TaskRun(
                try TaskExamples(task), options: Self.options, makeLearner: ScriptedLearner.factory)
            for _ in 0..<10 { earlier.step() }
            try TaskRunFile.write(earlier, to: url)
            try Data("half".utf8).write(
                to: set.appendingPathComponent("tasks/.x.json.1.tmp"))
            let again = try Self.open(folder)
            try again.run(
                workers: Workers(count: 2), checkpointSteps: 10, shouldStop: { false },
                onEvent: { _, _ in })
            #expect(Self.timeless(again.results) == expected)
            #expect(try names(in: set.appendingPathComponent("tasks")).count == 6)
        }
    }

    @Test func aDamagedStateBeginsTheTaskAgain() throws {
        let expected = try Self.whole()
        try withScratchFolder { folder in
            let run = try Self.open(folder)
            for task in run.tasks.prefix(2) {
                let name = TaskSetFolder.fileName(task.name) + ".safetensors"
                try Data("broken".utf8).write(
                    to: folder.appendingPathComponent("set/states/" + name))
            }
            let ignored = Atomic<Int>(0)
            try run.run(
                workers: Workers(count: 2), checkpointSteps: 10, shouldStop: { false }
            ) { event, _ in
                if case .stateIgnored = event { ignored.add(1, ordering: .relaxed) }
            }
            #expect(ignored.load(ordering: .relaxed) == 2)
            #expect(Self.timeless(run.results) == expected)
        }
    }

    @Test func foldersOfOthersAreRefused() throws {
        try withScratchFolder { folder in
            let run = try Self.open(folder)
            try run.run(
                workers: Workers(count: 1), checkpointSteps: 10, shouldStop: { false },
                onEvent: { _, _ in })
            for options in [
                PerTaskOptions(steps: 31, seed: 4), PerTaskOptions(steps: 30, seed: 5),
                PerTaskOptions(steps: 30, stableSteps: 9, seed: 4),
                PerTaskOptions(steps: 30, seed: 4, unit: .output),
                PerTaskOptions(steps: 30, seed: 4, changes: [.tiedSoftmaxes]),
            ] {
                #expect(throws: TaskSetError.self) {
                    try Self.open(folder, options: options)
                }
            }
            // Another task of the same name.
            var changed = Self.tasks
            changed[2].demonstrations.removeLast()
            let other = try Self.open(folder, tasks: changed)
            #expect(throws: TaskSetError.self) {
                try other.run(
                    workers: Workers(count: 1), checkpointSteps: 10, shouldStop: { false },
                    onEvent: { _, _ in })
            }
            // Fewer tasks are a part of the same evaluation; a correct answer may come later.
            var part = Array(Self.tasks.prefix(3))
            part[1].tests[0].output = nil
            let less = try Self.open(folder, tasks: part)
            try less.run(
                workers: Workers(count: 1), checkpointSteps: 10, shouldStop: { false }
            ) { event, _ in Issue.record("\(event)") }
            #expect(less.results.count == 3)
            let report = TaskSetReport(tasks: less.tasks, results: less.results)
            #expect(report.total.finished == 3 && report.total.scored == 2)
        }
    }

    @Test func oneProcessAtATime() throws {
        try withScratchFolder { folder in
            let run = try Self.open(folder)
            let refused = Atomic<Int>(0)
            try run.run(
                workers: Workers(count: 1), checkpointSteps: 10, shouldStop: { false }
            ) { event, _ in
                guard case .finished = event else { return }
                do {
                    try Self.open(folder).run(
                        workers: Workers(count: 1), checkpointSteps: 10, shouldStop: { true },
                        onEvent: { _, _ in })
                } catch TaskSetError.busy {
                    refused.add(1, ordering: .relaxed)
                } catch {
                    Issue.record("\(error)")
                }
            }
            #expect(refused.load(ordering: .relaxed) == 6)
        }
    }

    /// Damaged results and settings are refused, or are results that can be scored.
    @Test func resultsSurviveMutation() throws {
        try withScratchFolder { folder in
            let task = SampleTasks.task("a", tests: 2)
            let run = try Self.open(folder, tasks: [task])
            try run.run(
                workers: Workers(count: 1), checkpointSteps: 10, shouldStop: { false },
                onEvent: { _, _ in })
            let set = folder.appendingPathComponent("set")
            for file in ["tasks/a.json", "evaluation.json"] {
                let url = set.appendingPathComponent(file)
                let original = Array(try Data(contentsOf: url))
                let readable = try Mutations(
                    file, count: 1000, seed: 21, telling: Array("0123456789,:[]{}\".-".utf8),
                    slowness: 20
                ).run(on: [original]) { round in
                    try Data(round.bytes).write(to: url)
                    do {
                        let run = try Self.open(folder, tasks: [task])
                        try run.run(
                            workers: Workers(count: 1), checkpointSteps: 10,
                            shouldStop: { true }, onEvent: { _, _ in })
                        _ = TaskSetReport(tasks: run.tasks, results: run.results)
                    } catch let error as TaskSetError {
                        #expect(error.description.contains(file), "\(round.description)")
                        return false
                    }
                    return true
                }
                #expect(readable > 0 && readable < 1000)
                try Data(original).write(to: url)
            }
        }
    }

    @Test func namesOfFilesDiffer() {
        let names = ["a", "A", "a/b", "a-b", "..", "", "ä", String(repeating: "x", count: 200)]
        let files = names.map(TaskSetFolder.fileName)
        #expect(Set(files.map { $0.lowercased() }).count == names.count)
        #expect(files[0] == "a" && TaskSetFolder.fileName("25ff71a9") == "25ff71a9")
        for file in files {
            #expect(!file.isEmpty && !file.hasPrefix(".") && !file.contains("/"))
            #expect(file.utf8.count <= 100)
        }
    }
}

import Foundation
import HRMData
import HRMTensor
import Synchronization
import Testing
import _HRMTestSupport

@testable import HRMPerTask

/// The asynchronous interface.
@Suite struct PerTaskSolverTests {
    static func solver(_ options: PerTaskOptions, workers: Int = 2) -> PerTaskSolver {
        PerTaskSolver(
            options: options, workers: Workers(count: workers),
            makeLearner: ScriptedLearner.factory)
    }

    @Test func solvesSeveralTasksAtTheSameTime() async throws {
        let solver = Self.solver(PerTaskOptions(steps: 30))
        let tasks = (0..<7).map { SampleTasks.task("task\($0)", seed: UInt64($0)) }
        let solutions = try await withThrowingTaskGroup(of: PerTaskSolution.self) { group in
            for task in tasks { group.addTask { try await solver.solve(task) } }
            return try await group.reduce(into: [:]) { $0[$1.task.name] = $1 }
        }
        #expect(solutions.count == 7)
        for task in tasks {
            let alone = try await Self.solver(PerTaskOptions(steps: 30), workers: 1).solve(task)
            #expect(solutions[task.name]?.candidates == alone.candidates)
            #expect(alone.ending == .steps)
        }
    }

    @Test func progressEndsWithTheLastStep() async throws {
        let solver = Self.solver(PerTaskOptions(steps: 30))
        var last: PerTaskProgress?
        var steps: [Int] = []
        for await progress in try solver.progress(of: SampleTasks.task("a")) {
            steps.append(progress.step)
            last = progress
        }
        #expect(last?.step == 30 && last?.ending == .steps && last?.fraction == 1)
        #expect(steps == steps.sorted() && steps.dropLast().allSatisfy { $0 < 30 })
        #expect(last?.attempts.first?.count == 2)
        #expect((last?.attempts[0][0].sureness ?? 0) > 0)
    }

    @Test func aCancelledTaskHasTheAnswersSoFar() async throws {
        let solver = Self.solver(PerTaskOptions(steps: 1_000_000_000))
        let (steps, continuation) = AsyncStream<Int>.makeStream()
        let work = Task {
            try await solver.solve(SampleTasks.task("a")) { continuation.yield($0.step) }
        }
        for await step in steps where step >= 3 { break }
        work.cancel()
        let solution = try await work.value
        #expect(solution.ending == .cancelled && solution.progress.step >= 3)
        #expect(!solution.candidates[0].isEmpty)

        let never = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await solver.solve(SampleTasks.task("a"))
        }
        await #expect(throws: CancellationError.self) { try await never.value }
    }

    /// A reader that leaves frees the thread for the next task.
    @Test func aReaderMayLeave() async throws {
        let solver = Self.solver(PerTaskOptions(steps: 1_000_000_000), workers: 1)
        for await progress in try solver.progress(of: SampleTasks.task("a")) {
            if progress.step > 2 { break }
        }
        var count = 0
        for await progress in try solver.progress(of: SampleTasks.task("b")) {
            count += 1
            if progress.step > 2 { break }
        }
        #expect(count > 0)
    }

    @Test func tasksThatCannotBeLearnedAreRefused() async {
        let solver = Self.solver(PerTaskOptions(steps: 3))
        let empty = ARCTask(name: "empty", demonstrations: [], tests: [])
        await #expect(throws: TaskExamplesError.self) { try await solver.solve(empty) }
        #expect(throws: TaskExamplesError.self) { try solver.progress(of: empty) }
    }
}

extension PerTaskSolverTests {
    /// The network itself: answers of several tasks at the same time, breaks, and departures.
    @Test func theNetworkLearnsBitForBit() async throws {
        let task = SampleTasks.task("a", side: 2, tests: 2)
        let options = PerTaskOptions(steps: 6, seed: 3)
        let solution = try await PerTaskSolver(options: options, workers: Workers(count: 2))
            .solve(task)
        #expect(solution.ending == .steps && solution.progress.loss.isFinite)
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("state.safetensors")
            let examples = try TaskExamples(task)
            for pause in 0..<6 {
                let first = TaskRun(examples, options: options)
                for _ in 0..<pause { first.step() }
                try TaskRunFile.write(first, to: url)
                let second = TaskRun(examples, options: options)
                try TaskRunFile.read(url, into: second)
                while second.ending == nil { second.step() }
                #expect(second.solution(of: task).candidates == solution.candidates)
                #expect(second.progress.loss == solution.progress.loss)
            }
            var losses: Set<Double> = []
            for change in NetworkChange.allCases {
                let run = TaskRun(
                    examples, options: PerTaskOptions(steps: 3, seed: 3, changes: [change]))
                while run.ending == nil { run.step() }
                losses.insert(run.progress.loss)
            }
            #expect(losses.count == 4)
        }
    }
}

extension PerTaskSolverTests {
    /// Inputs and outputs have the same weights of colours at the start, and are trained apart.
    @Test func modesBeginWithEqualColours() throws {
        let tensors = TaskTensors(try TaskExamples(SampleTasks.task("a", side: 2)))
        let learner = TaskLearner(task: tensors, seed: 2)
        func columns() -> (inputs: [Float], outputs: [Float]) {
            let values = learner.network.parameters["head.colour.w"].value.values
            func column(_ mode: Int) -> [Float] {
                values.indices.filter { $0 % 2 == mode }.map { values[$0] }
            }
            return (column(0), column(1))
        }
        let start = columns()
        #expect(start.inputs == start.outputs && Set(start.inputs).count == 16)
        learner.step()
        learner.step()
        #expect(columns().inputs != columns().outputs)
    }
}

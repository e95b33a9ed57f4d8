package import Foundation
package import HRMData
package import HRMTensor
import Synchronization

/// An evaluation of many tasks, each learned by itself, that can be ended and continued at any
/// time.
///
/// Workers take one task after the other. Results do not depend on their number, nor on breaks.
package final class TaskSetRun: Sendable {
    /// Something that happened in an evaluation.
    package enum Event: Sendable {
        /// A task made a step.
        case step
        /// A task is finished.
        case finished(TaskResult)
        /// A stored state could not be used, so the task begins again.
        case stateIgnored(TaskRunFileError)
    }

    /// The progress of an evaluation.
    package struct Progress: Sendable {
        /// The number of finished tasks, those of earlier calls included.
        package var finished: Int
        /// The number of tasks.
        package var total: Int
        /// The share of the arithmetic that is done, `0 ... 1`.
        package var fraction: Double
        /// The share that was done at the start.
        package var startFraction: Double
    }

    /// The tasks, those with the least arithmetic first.
    package let tasks: [ARCTask]
    private let examples: [TaskExamples]
    private let costs: [Double]
    private let options: PerTaskOptions
    private let folder: TaskSetFolder
    private let makeLearner: TaskRun.LearnerFactory

    private struct State {
        var next = 0
        var results: [TaskResult?]
        var done: [Double]
        var startFraction = 0.0
        var error: (any Error)?
    }

    private let state: Mutex<State>

    /// Opens or creates an evaluation.
    ///
    /// - Parameters:
    ///   - tasks: The tasks, with distinct names.
    ///   - url: The folder of the results; its parent must exist.
    ///   - options: The options for every task.
    ///   - makeLearner: Creates the learner of a task.
    /// - Throws: ``TaskExamplesError`` if a task cannot be learned; ``TaskSetError`` if the folder
    ///   cannot be used.
    package init(
        _ tasks: [ARCTask], in url: URL, options: PerTaskOptions,
        makeLearner: @escaping TaskRun.LearnerFactory = TaskRun.makeLearner
    ) throws {
        let prepared = try tasks.map { task in
            let examples = try TaskExamples(task)
            let flop = TaskCost(TaskTensors(examples)).flopPerStep
            return (task: task, examples: examples, flop: flop)
        }.sorted { ($0.flop, $0.task.name) < ($1.flop, $1.task.name) }
        self.tasks = prepared.map(\.task)
        examples = prepared.map(\.examples)
        costs = prepared.map { $0.flop * Double(options.steps) }
        self.options = options
        self.makeLearner = makeLearner
        let folder = try TaskSetFolder(url, options: options)
        self.folder = folder
        state = Mutex(
            State(
                results: Array(repeating: nil, count: prepared.count),
                done: Array(repeating: 0, count: prepared.count)))
    }

    /// The results so far, in the order of ``tasks``.
    package var results: [TaskResult?] { state.withLock { $0.results } }

    /// Evaluates all tasks that have no result yet.
    ///
    /// - Parameters:
    ///   - workers: The number of tasks at the same time.
    ///   - checkpointSteps: The number of steps between two stored states of a task.
    ///   - shouldStop: Returns true to end the evaluation; unfinished tasks are stored.
    ///   - onEvent: Called by one worker at a time.
    /// - Returns: True if all tasks are finished.
    /// - Throws: ``TaskSetError``, or `SafetensorsError` if a state cannot be written.
    @discardableResult
    package func run(
        workers: Workers, checkpointSteps: Int, shouldStop: @escaping @Sendable () -> Bool,
        onEvent: @escaping @Sendable (Event, Progress) -> Void
    ) throws -> Bool {
        try folder.whileLocked {
            let known = try examples.map { try folder.result(of: $0) }
            state.withLock { state in
                state.results = known
                for (index, result) in known.enumerated() {
                    state.done[index] = result == nil ? 0 : costs[index]
                }
                state.next = 0
                state.error = nil
                state.startFraction = fraction(state.done)
            }
            workers.run { _ in
                while let index = self.next(), !shouldStop() {
                    do {
                        try self.learn(
                            index, checkpointSteps: checkpointSteps, shouldStop: shouldStop,
                            onEvent: onEvent)
                    } catch {
                        self.state.withLock { $0.error = $0.error ?? error }
                    }
                }
            }
            if let error = state.withLock({ $0.error }) { throw error }
            return state.withLock { $0.results.allSatisfy { $0 != nil } }
        }
    }

    /// Takes the next task without a result; nil if there is none, or another one failed.
    private func next() -> Int? {
        state.withLock { state in
            guard state.error == nil else { return nil }
            while state.next < state.results.count, state.results[state.next] != nil {
                state.next += 1
            }
            guard state.next < state.results.count else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    private func learn(
        _ index: Int, checkpointSteps: Int, shouldStop: @Sendable () -> Bool,
        onEvent: @Sendable (Event, Progress) -> Void
    ) throws {
        let task = examples[index]
        let run = TaskRun(task, options: options, makeLearner: makeLearner)
        let stateURL = folder.stateURL(task)
        if FileManager.default.fileExists(atPath: stateURL.path) {
            do throws(TaskRunFileError) {
                try TaskRunFile.read(stateURL, into: run)
                note(nil, at: index, run, onEvent)
            } catch {
                note(.stateIgnored(error), at: index, run, onEvent)
            }
        }
        var stored = run.learner.stepCount
        while run.ending == nil {
            if shouldStop() || state.withLock({ $0.error != nil }) {
                if run.learner.stepCount > stored { try TaskRunFile.write(run, to: stateURL) }
                return
            }
            run.step()
            note(.step, at: index, run, onEvent)
            if run.learner.stepCount - stored >= checkpointSteps, run.ending == nil {
                try TaskRunFile.write(run, to: stateURL)
                stored = run.learner.stepCount
            }
        }
        let result = TaskResult(
            run.solution(of: tasks[index]), digest: task.digest,
            largestSide: max(run.tensors.rows, run.tensors.columns))
        try folder.finish(result, of: task)
        state.withLock { $0.results[index] = result }
        note(.finished(result), at: index, run, onEvent)
    }

    /// Updates the progress and reports an event, one worker at a time.
    private func note(
        _ event: Event?, at index: Int, _ run: TaskRun,
        _ onEvent: @Sendable (Event, Progress) -> Void
    ) {
        let done =
            run.ending == nil
            ? Double(run.learner.stepCount) * run.cost.flopPerStep : costs[index]
        state.withLock { state in
            state.done[index] = done
            guard let event else { return }
            let progress = Progress(
                finished: state.results.count { $0 != nil }, total: tasks.count,
                fraction: fraction(state.done), startFraction: state.startFraction)
            onEvent(event, progress)
        }
    }

    private func fraction(_ done: [Double]) -> Double {
        let all = costs.reduce(0, +)
        return all > 0 ? min(1, done.reduce(0, +) / all) : 1
    }
}

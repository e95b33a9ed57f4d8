package import HRMData
import HRMTensor

/// The learning of one task: a learner, and the selection of attempts from its answers.
///
/// It is driven step by step by one thread; the state after any step can be stored.
package final class TaskRun {
    /// Creates the learner of a task.
    package typealias LearnerFactory =
        @Sendable (_ task: TaskTensors, _ options: PerTaskOptions, _ seed: UInt64) ->
        any TaskLearning

    /// The examples of the task.
    package let examples: TaskExamples
    /// The tensors of the task.
    package let tensors: TaskTensors
    /// The options.
    package let options: PerTaskOptions
    /// The arithmetic of a step.
    package let cost: TaskCost
    let learner: any TaskLearning
    private(set) var selection: CandidateSelection
    private(set) var seconds = 0.0
    /// True if a loss or an output was not a finite number.
    private(set) var hasDiverged = false

    /// Creates the learner of the published method.
    package static let makeLearner: LearnerFactory = { task, options, seed in
        TaskLearner(task: task, seed: seed, options: options.learner)
    }

    /// Creates a run before its first step.
    package init(
        _ examples: TaskExamples, options: PerTaskOptions,
        makeLearner: LearnerFactory = TaskRun.makeLearner
    ) {
        self.examples = examples
        self.options = options
        tensors = TaskTensors(examples)
        cost = TaskCost(tensors)
        learner = makeLearner(tensors, options, Self.seed(options.seed, task: examples.name))
        selection = CandidateSelection(
            task: tensors, rule: options.attemptRule, unit: options.unit)
    }

    /// Continues from a stored state.
    func restore(
        _ state: TaskLearnerState, selection: CandidateSelection, seconds: Double,
        hasDiverged: Bool
    ) {
        learner.restore(state)
        self.selection = selection
        self.seconds = seconds
        self.hasDiverged = hasDiverged
    }

    /// Returns the seed of a task: equal names and seeds give equal runs, whatever the other tasks.
    static func seed(_ seed: UInt64, task name: String) -> UInt64 {
        // FNV-1a over the name selects the stream.
        let stream = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        var generator = SeededGenerator(seed: seed, stream: stream)
        return generator.next()
    }

    /// The number of steps so far.
    package var steps: Int { learner.stepCount }

    /// Makes a step.
    package func step() {
        let start = ContinuousClock.now
        learner.step()
        let isReadable = selection.add(learner.testOutputs, step: learner.stepCount - 1)
        if !isReadable || !learner.losses.total.isFinite { hasDiverged = true }
        seconds += (ContinuousClock.now - start) / .seconds(1)
    }

    /// The reason to end after the steps so far; nil to go on.
    package var ending: PerTaskProgress.Ending? {
        let steps = learner.stepCount
        if hasDiverged { return .diverged }
        if steps >= options.steps { return .steps }
        if let stable = options.stableSteps, selection.stableSteps(after: steps) >= stable {
            return .stable
        }
        if let duration = options.duration, steps > 0, seconds >= duration / .seconds(1) {
            return .time
        }
        return nil
    }

    /// The progress so far.
    package var progress: PerTaskProgress { progress(ending: ending) }

    private func progress(ending: PerTaskProgress.Ending?) -> PerTaskProgress {
        let steps = learner.stepCount
        let losses = learner.losses
        var fraction = Double(steps) / Double(options.steps)
        if let duration = options.duration {
            fraction = max(fraction, seconds / max(duration / .seconds(1), 1e-9))
        }
        return PerTaskProgress(
            step: steps, loss: losses.total, divergence: losses.divergence,
            reconstruction: losses.reconstruction, latest: selection.latest,
            attempts: (0..<tensors.tests).map { selection.attempts(atTest: $0) },
            stableSteps: selection.stableSteps(after: steps), seconds: seconds,
            flop: Double(steps) * cost.flopPerStep, ending: ending,
            fraction: ending == nil ? min(fraction, 1) : 1)
    }

    /// Returns the answers, and the ranks of the correct ones.
    ///
    /// - Parameters:
    ///   - task: The task with its correct answers, which count here for the first time.
    ///   - isCancelled: True if the caller ended the run.
    /// - Returns: The answers.
    package func solution(of task: ARCTask, isCancelled: Bool = false) -> PerTaskSolution {
        let ending = ending ?? (isCancelled ? .cancelled : nil)
        let outputs = task.tests.map(\.output)
        let ranks = outputs.enumerated().map { test, output in
            output.flatMap { selection.rank(of: $0, test: test) }
        }
        return PerTaskSolution(
            task: task, progress: progress(ending: ending),
            candidates: (0..<tensors.tests).map { selection.candidates(ofTest: $0) },
            ranks: ranks, jointRank: selection.jointRank(of: outputs))
    }
}

import HRMTensor

@testable import HRMPerTask

/// A learner without a network: noise that gives way to one answer.
///
/// Its state is a running sum of the noise, so a break that loses anything changes all that
/// follows.
final class ScriptedLearner: TaskLearning {
    private(set) var stepCount = 0
    private(set) var losses = TaskLosses(total: 0, divergence: 0, reconstruction: 0)
    private(set) var testOutputs: TestOutputs
    private var generator: SeededGenerator
    private var sums: [Float]
    private let task: TaskTensors
    /// The step from which outputs are NaN.
    private let breaks: Int

    init(_ task: TaskTensors, seed: UInt64, breaks: Int = .max) {
        self.task = task
        self.breaks = breaks
        generator = SeededGenerator(seed: seed)
        let zeros = RunningOutputs(task: task).mean
        testOutputs = zeros
        sums = Array(repeating: 0, count: zeros.logits.count)
    }

    func step() {
        for index in sums.indices {
            let noise = generator.nextUnitFloat() - 0.5
            sums[index] = 0.9 * sums[index] + noise
            let pull = Float(index % 3 == 0 ? 1 : -1) * Float(stepCount) / 40
            testOutputs.logits[index] = sums[index] * 3 + pull
        }
        let addends = { (values: [Float], count: Int) in
            values.suffix(2 * count).enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        }
        let rows = addends(task.rowAddends, testOutputs.rowScores.count)
        let columns = addends(task.columnAddends, testOutputs.columnScores.count)
        testOutputs.rowScores = rows.map { $0 + generator.nextUnitFloat() - 0.3 }
        testOutputs.columnScores = columns.map { $0 + generator.nextUnitFloat() - 0.3 }
        if stepCount >= breaks { testOutputs.logits[0] = .nan }
        stepCount += 1
        let divergence = 1000 / Double(stepCount)
        losses = TaskLosses(total: divergence + 10, divergence: divergence, reconstruction: 1)
    }

    func state() -> TaskLearnerState {
        TaskLearnerState(
            step: stepCount, tensors: ["sums": sums], generator: [generator.state])
    }

    func restore(_ state: TaskLearnerState) {
        precondition(state.tensors["sums"]?.count == sums.count && state.generator.count == 1)
        stepCount = state.step
        sums = state.tensors["sums"] ?? []
        generator.state = state.generator[0]
    }

    /// A factory for runs.
    static let factory: TaskRun.LearnerFactory = { task, _, seed in
        ScriptedLearner(task, seed: seed)
    }
}

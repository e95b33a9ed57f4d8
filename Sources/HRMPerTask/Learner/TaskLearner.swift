import HRMTensor

/// A learner of one task: a network that is trained to describe the task's grids briefly.
///
/// A step decodes the latents with new noise, and takes one step of the optimizer to reduce
/// `divergence + 10 · reconstruction`, the nats of the latents and of the known grids. A learner
/// uses one thread at a time, and allocates no memory for tensors after its creation.
package final class TaskLearner: TaskLearning {
    /// The number of steps so far.
    package private(set) var stepCount = 0
    /// The losses of the last step, before its update.
    package private(set) var losses = TaskLosses(total: 0, divergence: 0, reconstruction: 0)

    /// The network.
    package let network: PerTaskNetwork
    private let task: TaskTensors
    private let options: TaskLearnerOptions
    private var loss: GridLoss
    private var generator: SeededGenerator

    /// Creates a learner with random weights.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - seed: The seed of weights and noise.
    ///   - options: The options.
    package init(
        task: TaskTensors, seed: UInt64, options: TaskLearnerOptions = TaskLearnerOptions()
    ) {
        self.task = task
        self.options = options
        network = PerTaskNetwork(task, options: options.network)
        loss = GridLoss(task)
        generator = SeededGenerator(seed: seed, stream: 1)
        var weights = SeededGenerator(seed: seed, stream: 0)
        network.initialise(using: &weights)
    }

    /// Makes a step.
    package func step() {
        network.decoding.drawNoise(using: &generator)
        advance()
    }

    /// Makes a step with the noise that the network has.
    package func advance() {
        network.forward()
        let reconstruction = loss.evaluate(network.heads, step: stepCount)
        let divergence = network.divergence
        losses = TaskLosses(
            total: divergence + GridLoss.weight * reconstruction, divergence: divergence,
            reconstruction: reconstruction)
        network.backward()
        stepCount += 1
        let parameters = network.parameters
        options.optimizer.apply(
            step: stepCount, parameters: parameters.values, gradients: parameters.gradients,
            firstMoments: parameters.firstMoments, secondMoments: parameters.secondMoments)
    }

    /// The network's outputs for the test pairs in the last step, before its update.
    package var testOutputs: TestOutputs {
        let cells = task.rows * task.columns
        func outputs(_ scores: Matrix, perExample: Int, _ addends: [Float]) -> [Float] {
            scores.withValues { scores in
                ((task.trainingExamples * perExample)..<(task.examples * perExample)).map {
                    scores[2 * $0 + 1] + (addends.isEmpty ? 0 : addends[2 * $0 + 1])
                }
            }
        }
        return TestOutputs(
            logits: outputs(network.heads.logits, perExample: task.colours * cells, []),
            rowScores: outputs(network.heads.rowScores, perExample: task.rows, task.rowAddends),
            columnScores: outputs(
                network.heads.columnScores, perExample: task.columns, task.columnAddends))
    }

    /// Returns the state, with which a learner of the same task continues bit for bit.
    package func state() -> TaskLearnerState {
        let parameters = network.parameters
        return TaskLearnerState(
            step: stepCount,
            tensors: [
                "parameters": parameters.values.values,
                "first_moments": parameters.firstMoments.values,
                "second_moments": parameters.secondMoments.values,
            ], generator: [generator.state])
    }

    /// Continues from a state.
    ///
    /// - Precondition: The state is one of a learner of the same task with the same options.
    package func restore(_ state: TaskLearnerState) {
        func values(_ name: String) -> [Float] {
            guard let values = state.tensors[name] else {
                preconditionFailure("the state has no '\(name)'")
            }
            return values
        }
        precondition(
            state.generator.count == 1, "a generator of \(state.generator.count) words, needed is 1"
        )
        stepCount = state.step
        generator.state = state.generator[0]
        let parameters = network.parameters
        parameters.values.assign(values("parameters"))
        parameters.firstMoments.assign(values("first_moments"))
        parameters.secondMoments.assign(values("second_moments"))
    }
}

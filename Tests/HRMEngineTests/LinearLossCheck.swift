import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

/// A linear loss of all that the heads put out after one segment: the gradient that the backward
/// pass finds, and the loss as a function of whatever the parameters are.
struct LinearLossCheck {
    let batch: TokenBatch
    let outputs: BatchOutputs
    let gradients: Matrix
    let check: GradientCheck
    let loss: () -> Double

    init(
        _ model: HierarchicalReasoningModel, samples: Int, using generator: inout SeededGenerator
    ) throws {
        let size = 2
        let batch = TestModel.batch(size, for: model, using: &generator)
        let start = TestModel.carry(batch, model: model, using: &generator)
        let outputs = SegmentExecutor(
            model: model, batchSize: size, workers: Workers(count: 1), training: true
        ).outputs
        let worker = SegmentWorker(
            model: model, sizes: [size], team: Team(), training: true, stopwatch: nil)
        let logitWeights = generator.values(outputs.logits.rows * outputs.logits.columns)
        let qWeights = generator.values(2 * size)
        worker.learn(
            model, carry: start.copied(for: model), slots: 0..<size, outputs: outputs
        ) { _, memory, _ in
            memory.logitsGradient32.assign(logitWeights)
            memory.qGradient.assign(qWeights)
        }
        gradients = try #require(worker.gradients)
        loss = {
            model.pack(workers: Workers(count: 1))
            _ = worker.infer(
                model, carry: start.copied(for: model), slots: 0..<size, maxSteps: 1,
                outputs: outputs)
            return weighted(outputs.logits.values, logitWeights)
                + weighted(outputs.qLogits.values, qWeights)
        }
        _ = loss()
        let terms = zip(outputs.logits.values, logitWeights).map { $0 * $1 }
        check = GradientCheck(magnitude: weighted(terms, terms).squareRoot() + 1, samples: samples)
        self.batch = batch
        self.outputs = outputs
    }
}

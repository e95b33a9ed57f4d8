import HRMData
import HRMModel
import HRMTensor

/// Evaluates a model in training, and the average of its weights where there is one.
struct SessionEvaluation {
    /// The model that the average is put into; nil where there is none.
    let averageModel: HierarchicalReasoningModel?

    private let test: PuzzleDataset
    private let session: TrainingSession
    private let evaluator: Evaluator
    private let averageEvaluator: Evaluator?

    init(of test: PuzzleDataset, trainer: Trainer, _ session: TrainingSession) {
        self.test = test
        self.session = session
        let batchSize = max(1, min(Evaluator.defaultBatchSize, test.exampleCount))
        evaluator = Evaluator(model: session.model, workers: session.workers, batchSize: batchSize)
        averageModel = trainer.average.map { _ in session.blankModel() }
        averageEvaluator = averageModel.map {
            Evaluator(model: $0, workers: session.workers, batchSize: batchSize)
        }
    }

    /// Evaluates both; nil when it was broken off.
    func run(
        after trainer: Trainer, limit: Int?, shouldStop: () -> Bool
    ) throws(EvaluationError) -> TrainingSession.Evaluation? {
        var result = TrainingSession.Evaluation(step: trainer.step)
        result.reports = try evaluator.evaluate(
            test, limit: limit, progress: { _ in !shouldStop() })
        if let averageEvaluator, let averageModel, let average = trainer.average {
            average.copy(to: averageModel, with: session.model, workers: session.workers)
            result.averageReports = try averageEvaluator.evaluate(
                test, limit: limit, progress: { _ in !shouldStop() })
        }
        return shouldStop() ? nil : result
    }
}

extension TrainingSession {
    /// A model of the session's shape that is not trained itself.
    func blankModel() -> HierarchicalReasoningModel {
        HierarchicalReasoningModel(
            blank: configuration.architecture, dimensions: model.dimensions, trainable: false)
    }

    /// The training batches from a moment on.
    func makeBatches(
        resuming state: TrainingBatches<SeededGenerator>.State
    ) throws(DatasetError) -> TrainingBatches<SeededGenerator> {
        try TrainingBatches(
            training, batchSize: configuration.globalBatchSize, resuming: state)
    }
}

import HRMData
import HRMEngine
import HRMInference
import HRMModel
import HRMTensor

/// Evaluates a model in training, and its averaged weights if enabled.
struct SessionEvaluation {
    /// The model that receives the averaged weights; nil without averaging.
    let averageModel: HierarchicalReasoningModel?

    private let test: PuzzleDataset
    private let session: TrainingSession
    private let evaluator: ModelEvaluator
    private let averageEvaluator: ModelEvaluator?

    /// An evaluator, and its engine if that has a copy of the weights.
    private struct ModelEvaluator {
        let evaluator: Evaluator
        let engine: (any Engine)?

        /// Copies the weights of a model to the engine, unless it uses the model's memory.
        func take(_ model: HierarchicalReasoningModel) {
            engine?.load(model.namedTensors, .weights)
        }
    }

    init(of test: PuzzleDataset, _ session: TrainingSession) throws {
        self.test = test
        self.session = session
        // Two puzzles for each worker, however they are divided among processes.
        let batchSize = max(
            1, min(max(Evaluator.defaultBatchSize, 2 * session.totalWorkers), test.exampleCount))
        func evaluator(of model: HierarchicalReasoningModel) throws -> ModelEvaluator {
            let engines = session.engineProvider
            let engine = try engines.inferenceEngine(of: model, slotCount: batchSize)
            var evaluator = Evaluator(engine: engine)
            evaluator.acceptsNonFinite = true
            evaluator.search = SearchOptions(policy: session.configuration.search.policy)
            return ModelEvaluator(
                evaluator: evaluator, engine: engines.usesModelMemory ? nil : engine)
        }
        self.evaluator = try evaluator(of: session.model)
        averageModel = session.configuration.averagesWeights ? session.blankModel() : nil
        averageEvaluator = try averageModel.map(evaluator)
    }

    /// The results, and the first puzzle as an example.
    struct Result {
        var evaluation: TrainingSession.Evaluation
        /// The example, answered by the averaged weights if enabled.
        var sample: Evaluator.Prediction?
    }

    /// Evaluates both models; returns nil if interrupted.
    ///
    /// `progress` is called with the completed share, 0 through 1.
    func run(
        after trainer: Trainer, limit: Int?, shouldStop: () -> Bool, progress: (Double) -> Void
    ) throws(EvaluationError) -> Result? {
        var result = Result(evaluation: .init(step: trainer.step))
        let models = averageEvaluator == nil ? 1.0 : 2.0
        let puzzles = Double(min(limit ?? .max, test.exampleCount))
        func reports(
            of evaluator: ModelEvaluator, after earlier: Double
        ) throws(EvaluationError) -> [Evaluator.Report] {
            result.sample = nil
            return try evaluator.evaluator.evaluate(test, limit: limit) { done in
                progress((earlier + done / puzzles) / models)
                return !shouldStop()
            } onPrediction: {
                result.sample = result.sample ?? $0
            }
        }
        progress(0)
        trainer.engine.copyWeights(average: false, to: session.model, workers: session.workers)
        evaluator.take(session.model)
        result.evaluation.reports = try reports(of: evaluator, after: 0)
        guard !shouldStop() else { return nil }
        if let averageEvaluator, let averageModel {
            trainer.engine.copyWeights(average: true, to: averageModel, workers: session.workers)
            averageEvaluator.take(averageModel)
            result.evaluation.averageReports = try reports(of: averageEvaluator, after: 1)
        }
        return shouldStop() ? nil : result
    }
}

extension TrainingSession {
    /// Returns a non-trainable model with the session's architecture.
    func blankModel() -> HierarchicalReasoningModel {
        HierarchicalReasoningModel(
            blank: configuration.architecture, dimensions: model.dimensions, trainable: false)
    }

    /// Returns the training batches from a given position on.
    func makeBatches(
        resuming state: TrainingBatches<SeededGenerator>.State
    ) throws(DatasetError) -> TrainingBatches<SeededGenerator> {
        try TrainingBatches(
            training, batchSize: configuration.globalBatchSize, resuming: state)
    }
}

import HRMData
import HRMDistributed
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
    private let evaluator: Evaluator
    private let averageEvaluator: Evaluator?
    /// The engines of the evaluators, if several processes share the training.
    private let engines: [DistributedEngine]

    init(of test: PuzzleDataset, _ session: TrainingSession) {
        self.test = test
        self.session = session
        // Two puzzles for each worker, however they are divided among processes.
        let batchSize = max(
            1, min(max(Evaluator.defaultBatchSize, 2 * session.totalWorkers), test.exampleCount))
        var engines: [DistributedEngine] = []
        func evaluator(of model: HierarchicalReasoningModel) -> Evaluator {
            let engine = session.cluster?.inferenceEngine(
                model, slotCount: batchSize, workers: session.workers)
            if let engine { engines.append(engine) }
            var evaluator =
                engine.map { Evaluator(engine: $0) }
                ?? Evaluator(model: model, workers: session.workers, batchSize: batchSize)
            evaluator.acceptsNonFinite = true
            evaluator.search = SearchOptions(policy: session.configuration.search.policy)
            return evaluator
        }
        self.evaluator = evaluator(of: session.model)
        averageModel = session.configuration.averagesWeights ? session.blankModel() : nil
        averageEvaluator = averageModel.map(evaluator)
        self.engines = engines
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
            of evaluator: Evaluator, after earlier: Double
        ) throws(EvaluationError) -> [Evaluator.Report] {
            result.sample = nil
            return try evaluator.evaluate(test, limit: limit) { done in
                progress((earlier + done / puzzles) / models)
                return !shouldStop()
            } onPrediction: {
                result.sample = result.sample ?? $0
            }
        }
        progress(0)
        trainer.engine.copyWeights(average: false, to: session.model, workers: session.workers)
        engines.first?.sendWeights()
        result.evaluation.reports = try reports(of: evaluator, after: 0)
        guard !shouldStop() else { return nil }
        if let averageEvaluator, let averageModel {
            trainer.engine.copyWeights(average: true, to: averageModel, workers: session.workers)
            engines.last?.sendWeights()
            result.evaluation.averageReports = try reports(of: averageEvaluator, after: 1)
        }
        return shouldStop() ? nil : result
    }
}

extension TrainingSession {
    /// Returns a trainer of the session's model, whose engine runs in all processes.
    func makeTrainer() -> Trainer {
        guard let cluster else {
            return Trainer(
                model: model, configuration: configuration, totalSteps: totalSteps,
                workers: workers)
        }
        let engine = cluster.trainingEngine(
            model, optimizers: configuration.optimizers,
            batchSize: configuration.globalBatchSize, batches: configuration.interleavedBatches,
            workers: workers)
        return Trainer(engine: engine, configuration: configuration, totalSteps: totalSteps)
    }

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

import HRMModel
import HRMTensor

/// The optimizers of a training, with their state.
///
/// SignSGD updates the puzzle embedding and, unless frozen, AdamATan2 everything else, or Muon the
/// matrices of the blocks.
struct CPUOptimizers: Sendable {
    /// The averaged weights, if enabled.
    let average: AveragedWeights?

    private let description: OptimizerDescription
    private let model: HierarchicalReasoningModel
    private let adam: AdamATan2
    private let muon: Muon?
    private let puzzles: SparseSignSGD
    private let workers: Workers

    /// Creates optimizers of a model; averages start at its current weights.
    init(
        _ description: OptimizerDescription, model: HierarchicalReasoningModel, workers: Workers
    ) {
        self.description = description
        self.model = model
        self.workers = workers
        let muon = description.muon.map {
            Muon(layout: model.layout, settings: $0, workers: workers)
        }
        self.muon = muon
        adam = AdamATan2(
            count: model.layout.flatCount, betas: (description.beta1, description.beta2),
            weightDecay: description.weightDecay, ranges: muon?.others)
        average = description.averagesWeights ? AveragedWeights(of: model) : nil
        puzzles = SparseSignSGD(weightDecay: description.puzzleWeightDecay)
    }

    /// Moments and averages, `[1, layout.flatCount]` each.
    var tensors: [NamedTensor] {
        [.matrix("first_moment", adam.firstMoment), .matrix("second_moment", adam.secondMoment)]
            + (average.map { [.matrix("average", $0.shadow)] } ?? [])
    }

    /// Updates the weights, and resets the gradients.
    ///
    /// - Parameters:
    ///   - update: The rates.
    ///   - executor: The gradients of the puzzle embedding.
    ///   - identifiers: The rows of the puzzle embedding of the slots that learned.
    ///   - gradients: The summands of the gradient.
    func update(
        _ update: TrainingStep.Update, executor: SegmentExecutor, identifiers: [Int32],
        gradients: [Matrix]
    ) {
        if let table = model.puzzleEmbedding, let gradients = executor.outputs.puzzleGradient {
            puzzles.update(
                table, identifiers: identifiers,
                gradients: gradients.regrouped(rows: executor.batchSize).rows(
                    0..<identifiers.count),
                learningRate: update.puzzleLearningRate)
        }
        guard !description.freezesWeights else {
            // No update resets them.
            for gradient in executor.gradients { gradient.clear() }
            return
        }
        if let muon, let rate = update.muonLearningRate {
            muon.update(
                model.parameters, momentum: adam.firstMoment, gradients: gradients,
                learningRate: rate, workers: workers)
        }
        adam.update(
            model.parameters, gradients: gradients, learningRate: update.learningRate,
            number: update.number, workers: workers)
        model.pack(workers: workers)
        if let rate = update.averageRate { updateAverage(rate: rate) }
    }

    /// Updates the average, if enabled; frozen weights are their own average, bit for bit.
    func updateAverage(rate: Double) {
        guard !description.freezesWeights else { return }
        average?.update(from: model, rate: rate, workers: workers)
    }
}

public import HRMModel
public import HRMTensor

/// The exponential moving average of a model's weights while it is trained: steadier than the weights
/// themselves, and usually the better model.
///
/// ```
/// shadow ← (1 − μ) · parameter + μ · shadow
/// ```
/// The average begins at the initial weights. It covers the trained parameters; what else a model
/// has, its puzzle embedding and initial states, is taken as it is.
public struct AveragedWeights: Sendable {
    /// `μ`, how much of the old average stays at each step.
    public let rate: Double
    /// The averages, `[1, layout.flatCount]`.
    public let shadow: Matrix

    /// Averages that begin at the current weights.
    ///
    /// - Parameters:
    ///   - model: The model that is trained.
    ///   - rate: `μ`, at least 0 and below 1.
    public init(of model: HierarchicalReasoningModel, rate: Double) {
        self.rate = rate
        shadow = Matrix(rows: 1, columns: model.parameters.columns)
        shadow.assign(model.parameters)
    }

    /// Takes in the weights after a step.
    ///
    /// - Parameters:
    ///   - model: The model that is trained.
    ///   - workers: Threads.
    public func update(from model: HierarchicalReasoningModel, workers: Workers) {
        let share = Float(1 - rate)
        workers.run { worker in
            let part = workers.share(of: shadow.columns, worker: worker)
            MovingAverage.update(
                shadow.columns(part), with: model.parameters.columns(part), share: share)
        }
    }

    /// Makes `target` the model with the averaged weights.
    ///
    /// - Parameters:
    ///   - target: A model of the same shape; its weights are replaced.
    ///   - model: The model that is trained.
    ///   - workers: Threads.
    public func copy(
        to target: HierarchicalReasoningModel, with model: HierarchicalReasoningModel,
        workers: Workers
    ) {
        target.parameters.assign(shadow)
        target.highInitial.assign(model.highInitial)
        target.lowInitial.assign(model.lowInitial)
        if let table = model.puzzleEmbedding { target.puzzleEmbedding?.assign(table) }
        target.pack(workers: workers)
    }
}

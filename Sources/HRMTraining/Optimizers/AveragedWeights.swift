public import HRMModel
public import HRMTensor

/// The exponential moving average of a model's weights while it is trained: steadier than the weights
/// themselves, and usually the better model.
///
/// ```
/// shadow ← (1 − μ) · parameter + μ · shadow
/// ```
/// The average begins at the initial weights, and of these `μᵗ` is left after step `t`: 67 % after 40
/// steps with 0.99. With a warm-up, `min(μ, (1 + t) / (10 + t))` takes the place of `μ`: an average over
/// about the last tenth of the steps, until that is more than `1 / (1 − μ)` of them. It covers the trained parameters; what else a model
/// has, its puzzle embedding and initial states, is taken as it is.
public struct AveragedWeights: Sendable {
    /// `μ`, how much of the old average stays at each step.
    public let rate: Double
    /// Whether less of the average stays at the first steps.
    public let warmsUp: Bool
    /// The averages, `[1, layout.flatCount]`.
    public let shadow: Matrix

    /// Averages that begin at the current weights.
    ///
    /// - Parameters:
    ///   - model: The model that is trained.
    ///   - rate: `μ`, at least 0 and below 1.
    ///   - warmsUp: Whether less of the average stays at the first steps.
    public init(of model: HierarchicalReasoningModel, rate: Double, warmsUp: Bool = false) {
        self.rate = rate
        self.warmsUp = warmsUp
        shadow = Matrix(rows: 1, columns: model.parameters.columns)
        shadow.assign(model.parameters)
    }

    /// How much of the average stays at a step, which follows from its number alone.
    ///
    /// - Parameter step: The number of the step; the first of a run is 1.
    /// - Returns: `μ`, or less while the average warms up.
    public func rate(at step: Int) -> Double {
        warmsUp ? min(rate, Double(1 + step) / Double(10 + step)) : rate
    }

    /// Takes in the weights after a step.
    ///
    /// - Parameters:
    ///   - model: The model that is trained.
    ///   - step: The number of the step; the first of a run is 1.
    ///   - workers: Threads.
    public func update(from model: HierarchicalReasoningModel, step: Int, workers: Workers) {
        let share = Float(1 - rate(at: step))
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

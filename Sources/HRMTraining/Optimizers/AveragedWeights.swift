public import HRMEngine
import HRMModel
public import HRMTensor

/// The exponential moving average of a model's weights during training, usually a better model than
/// the current weights.
///
/// ```
/// shadow ← (1 − μ) · parameter + μ · shadow
/// ```
/// The average starts at the initial weights, of which a share `μᵗ` remains after step `t`: 67 %
/// after 40 steps with 0.99. With warm-up, `min(μ, (1 + t) / (10 + t))` replaces `μ`: the average
/// then covers about the last tenth of the steps, until that exceeds `1 / (1 − μ)` steps. Only
/// trained parameters are averaged; the puzzle embedding and the initial states are copied.
public struct AveragedWeights: Sendable {
    /// `μ`, the share of the average kept at each step.
    public let rate: Double
    /// True if the share is smaller in the first steps.
    public let warmsUp: Bool
    /// The averages, `[1, layout.flatCount]`.
    public let shadow: Matrix

    /// Creates averages that start at the current weights.
    ///
    /// - Parameters:
    ///   - model: The model in training.
    ///   - rate: `μ`, at least 0 and below 1.
    ///   - warmsUp: True to use a smaller share in the first steps.
    public init(of model: HierarchicalReasoningModel, rate: Double, warmsUp: Bool = false) {
        self.rate = rate
        self.warmsUp = warmsUp
        shadow = Matrix(rows: 1, columns: model.parameters.columns)
        shadow.assign(model.parameters)
    }

    /// Returns the share of the average kept at a step; it depends only on the step's number.
    ///
    /// - Parameter step: The number of the step; the first of a run is 1.
    /// - Returns: `μ`, or less during warm-up.
    public func rate(at step: Int) -> Double {
        warmsUp ? min(rate, Double(1 + step) / Double(10 + step)) : rate
    }

    /// Updates the average with the weights after a step.
    ///
    /// - Parameters:
    ///   - model: The model in training.
    ///   - step: The number of the step; the first of a run is 1.
    ///   - workers: The worker threads.
    public func update(from model: HierarchicalReasoningModel, step: Int, workers: Workers) {
        let share = Float(1 - rate(at: step))
        workers.run { worker in
            let part = workers.share(of: shadow.columns, worker: worker)
            MovingAverage.update(
                shadow.columns(part), with: model.parameters.columns(part), share: share)
        }
    }

    /// Copies the averaged weights, and the remaining state of `model`, to `target`.
    ///
    /// - Parameters:
    ///   - target: A model of the same shape; its weights are replaced.
    ///   - model: The model in training.
    ///   - workers: The worker threads.
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

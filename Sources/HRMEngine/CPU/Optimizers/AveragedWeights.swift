import HRMModel
import HRMTensor

/// The exponential moving average of a model's weights during training, usually a better model than
/// the current weights.
///
/// ```
/// shadow ← (1 − μ) · parameter + μ · shadow
/// ```
/// The share `μ` follows an `AverageSchedule`. Only trained parameters are averaged.
struct AveragedWeights: Sendable {
    /// The averages, `[1, layout.flatCount]`.
    let shadow: Matrix

    /// Creates averages that start at the current weights.
    init(of model: HierarchicalReasoningModel) {
        shadow = Matrix(rows: 1, columns: model.parameters.columns)
        shadow.assign(model.parameters)
    }

    /// Updates the average with the weights after a step.
    ///
    /// - Parameters:
    ///   - model: The model in training.
    ///   - rate: `μ`, the share of the average that is kept.
    ///   - workers: The worker threads.
    func update(from model: HierarchicalReasoningModel, rate: Double, workers: Workers) {
        let share = Float(1 - rate)
        workers.run { worker in
            let part = workers.vectorShare(of: shadow.columns, worker: worker)
            MovingAverage.update(
                shadow.columns(part), with: model.parameters.columns(part), share: share)
        }
    }
}

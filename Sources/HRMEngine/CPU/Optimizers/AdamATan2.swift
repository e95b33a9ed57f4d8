import HRMTensor

/// The main optimizer: Adam with `atan2` in place of the quotient, and decoupled weight decay.
///
/// For the formula see ``HRMTensor/AdamATan2Update``. The state has the parameters' memory layout,
/// so that a checkpoint can contain it.
struct AdamATan2: Sendable {
    /// Decay rates of the moments.
    var betas: (first: Double, second: Double)
    /// Decoupled weight decay, as a fraction of the learning rate.
    var weightDecay: Double
    /// The moving average of gradients, `[1, count]`.
    let firstMoment: Matrix
    /// The moving average of squared gradients, `[1, count]`.
    let secondMoment: Matrix
    private let ranges: [Range<Int>]

    /// Creates an optimizer of `count` parameters.
    ///
    /// - Parameters:
    ///   - count: The number of parameters.
    ///   - betas: Decay rates of the moments.
    ///   - weightDecay: Decoupled weight decay, as a fraction of the learning rate.
    ///   - ranges: The parameters to update; nil for all.
    init(
        count: Int, betas: (first: Double, second: Double), weightDecay: Double,
        ranges: [Range<Int>]? = nil
    ) {
        self.betas = betas
        self.weightDecay = weightDecay
        firstMoment = Matrix(rows: 1, columns: count)
        secondMoment = Matrix(rows: 1, columns: count)
        self.ranges = ranges ?? [0..<count]
    }

    /// Updates the parameters, divided among the workers.
    ///
    /// - Parameters:
    ///   - parameters: `[1, count]`, float32.
    ///   - gradients: The summands of the gradient, added in this order; each is reset to zero.
    ///   - learningRate: The learning rate of this step.
    ///   - number: The number of the update, starting at 1.
    ///   - workers: The worker threads.
    func update(
        _ parameters: Matrix, gradients: [Matrix], learningRate: Double, number: Int,
        workers: Workers
    ) {
        let rule = AdamATan2Update(
            learningRate: learningRate, weightDecay: weightDecay, beta1: betas.first,
            beta2: betas.second, step: number)
        let (first, second, ranges) = (firstMoment, secondMoment, ranges)
        workers.run { worker in
            for range in ranges {
                let share = workers.vectorShare(of: range.count, worker: worker)
                let part =
                    (range.lowerBound + share.lowerBound)..<(range.lowerBound + share.upperBound)
                rule.apply(
                    to: parameters.columns(part), firstMoment: first.columns(part),
                    secondMoment: second.columns(part),
                    gradients: gradients.map { $0.columns(part) })
            }
        }
    }
}

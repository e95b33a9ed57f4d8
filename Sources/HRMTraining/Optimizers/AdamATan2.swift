public import HRMTensor

/// The main optimizer: Adam with `atan2` in place of the quotient, and decoupled weight decay.
///
/// The formula is at ``HRMTensor/AdamATan2Update``. The state is plain memory of the parameters'
/// layout, so that a checkpoint can hold it.
public struct AdamATan2: Sendable {
    /// Decay rates of the moments.
    public var betas: (first: Double, second: Double)
    /// Decoupled weight decay, as a fraction of the learning rate.
    public var weightDecay: Double
    /// Updates made so far.
    public internal(set) var updateCount = 0
    /// Mean of gradients, `[1, count]`.
    public let firstMoment: Matrix
    /// Mean of squared gradients, `[1, count]`.
    public let secondMoment: Matrix
    private let ranges: [Range<Int>]

    /// An optimizer of `count` parameters that has made no update yet.
    ///
    /// - Parameters:
    ///   - count: Parameters.
    ///   - betas: Decay rates of the moments.
    ///   - weightDecay: Decoupled weight decay, as a fraction of the learning rate.
    ///   - ranges: Which of the parameters it updates; nil: all.
    public init(
        count: Int, betas: (first: Double, second: Double), weightDecay: Double,
        ranges: [Range<Int>]? = nil
    ) {
        self.betas = betas
        self.weightDecay = weightDecay
        firstMoment = Matrix(rows: 1, columns: count)
        secondMoment = Matrix(rows: 1, columns: count)
        self.ranges = ranges ?? [0..<count]
    }

    /// One update, each worker taking a part of the parameters.
    ///
    /// - Parameters:
    ///   - parameters: `[1, count]`, float32.
    ///   - gradients: Their sum, in this order, is the gradient; each is set to zero on the way.
    ///   - learningRate: The rate of this step.
    ///   - workers: Threads.
    public mutating func update(
        _ parameters: Matrix, gradients: [Matrix], learningRate: Double, workers: Workers
    ) {
        updateCount += 1
        let rule = AdamATan2Update(
            learningRate: learningRate, weightDecay: weightDecay, beta1: betas.first,
            beta2: betas.second, step: updateCount)
        let (first, second, ranges) = (firstMoment, secondMoment, ranges)
        workers.run { worker in
            for range in ranges {
                let share = workers.share(of: range.count, worker: worker)
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

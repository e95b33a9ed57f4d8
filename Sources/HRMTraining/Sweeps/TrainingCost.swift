public import HRMModel

/// Floating-point operations of a whole training, by the formula of ``HRMModel/SegmentCost``.
///
/// A depth curriculum makes early steps cheaper, and so does a batch that grows. Embedding, heads,
/// losses, optimizers and evaluations are not counted.
public struct TrainingCost: Sendable, Hashable {
    private let configuration: TrainingConfiguration
    /// Of one sequence's share of a step, by the stage of the curriculum.
    private let stageCosts: [Double]

    /// The cost of a training with some settings.
    ///
    /// - Parameters:
    ///   - configuration: Valid settings.
    ///   - dimensions: What the data set decides about the model.
    public init(configuration: TrainingConfiguration, dimensions: PuzzleDimensions) {
        self.configuration = configuration
        let architecture = configuration.architecture
        let depths =
            configuration.depthCurriculum?.stages.map {
                architecture.withCycles(high: $0.value.highCycles, low: $0.value.lowCycles)
            } ?? [architecture]
        stageCosts = depths.map {
            SegmentCost(configuration: $0, dimensions: dimensions).training
        }
    }

    /// Operations of the first steps of a training.
    ///
    /// - Parameters:
    ///   - made: Steps that are made, at most `total`.
    ///   - total: Steps of the whole training, which decide when its depth grows.
    /// - Returns: Floating-point operations.
    public func operations(of made: Int, outOf total: Int) -> Double {
        let counts = configuration.depthCurriculum?.stepCounts(of: total) ?? [total]
        let batch = configuration.globalBatchSize
        var operations = 0.0
        var first = 1
        for (count, cost) in zip(counts, stageCosts) {
            let last = min(made, first + count - 1)
            if first <= last {
                let slots = (first...last).count * batch
                operations += Double(slots - restingSlots(in: first...last)) * cost
            }
            first += count
        }
        return operations
    }

    /// Slots that do not learn yet, over some steps.
    private func restingSlots(in steps: ClosedRange<Int>) -> Int {
        let last = min(steps.upperBound, configuration.batchWarmupSteps)
        guard steps.lowerBound <= last else { return 0 }
        let (batch, first) = (configuration.globalBatchSize, steps.lowerBound)
        // Of very many numbers of slots each has few steps: their mean is that of the first and last one.
        if min(batch, last) > Self.mostCounted {
            let slots =
                configuration.learningSlots(at: first) + configuration.learningSlots(at: last)
            return Int(Double(last - first + 1) * (Double(batch) - Double(slots) / 2))
        }
        var resting = 0
        var step = first
        // As many slots learn in many steps in a row as there are more steps than slots.
        while step <= last {
            let slots = configuration.learningSlots(at: step)
            let end = min(last, lastStep(with: slots, from: step, through: last))
            resting += (end - step + 1) * (batch - slots)
            step = end + 1
        }
        return resting
    }

    /// The last step of some in which so many slots learn; the number never falls.
    private func lastStep(with slots: Int, from first: Int, through last: Int) -> Int {
        guard first < last, configuration.learningSlots(at: first + 1) == slots else {
            return first
        }
        var (same, more) = (first + 1, last + 1)
        while more - same > 1 {
            let middle = same + (more - same) / 2
            if configuration.learningSlots(at: middle) == slots {
                same = middle
            } else {
                more = middle
            }
        }
        return same
    }

    /// The longest training that takes no more operations than there are.
    ///
    /// - Parameter budget: Floating-point operations.
    /// - Returns: Its steps; 0 when the first step takes too many, more than `mostSteps` when so many
    ///   take too few.
    public func steps(within budget: Double) -> Int {
        func fits(_ steps: Int) -> Bool { operations(of: steps, outOf: steps) <= budget }
        guard fits(1) else { return 0 }
        guard !fits(Self.mostSteps) else { return Self.mostSteps + 1 }
        var (fitting, tooMany) = (1, 2)
        while tooMany < Self.mostSteps, fits(tooMany) {
            (fitting, tooMany) = (tooMany, 2 * tooMany)
        }
        tooMany = min(tooMany, Self.mostSteps)
        while tooMany - fitting > 1 {
            let middle = fitting + (tooMany - fitting) / 2
            if fits(middle) { fitting = middle } else { tooMany = middle }
        }
        return fitting
    }

    /// As many different numbers of slots are counted one by one.
    private static let mostCounted = 20_000
    /// More steps than any run has.
    static let mostSteps = 1_000_000_000
}

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
        let growing = steps.clamped(to: 1...max(1, configuration.batchWarmupSteps))
        guard steps.lowerBound <= configuration.batchWarmupSteps else { return 0 }
        return growing.reduce(0) {
            $0 + configuration.globalBatchSize - configuration.learningSlots(at: $1)
        }
    }

    /// The longest training that takes no more operations than there are.
    ///
    /// - Parameter budget: Floating-point operations.
    /// - Returns: Its steps; 0 when the first step takes too many.
    public func steps(within budget: Double) -> Int {
        func fits(_ steps: Int) -> Bool { operations(of: steps, outOf: steps) <= budget }
        guard fits(1) else { return 0 }
        var (fitting, tooMany) = (1, 2)
        while tooMany < Self.mostSteps, fits(tooMany) {
            (fitting, tooMany) = (tooMany, 2 * tooMany)
        }
        while tooMany - fitting > 1 {
            let middle = fitting + (tooMany - fitting) / 2
            if fits(middle) { fitting = middle } else { tooMany = middle }
        }
        return fitting
    }

    /// Longer trainings are not counted out: a budget that is beyond them is a slip of the pen.
    private static let mostSteps = 1_000_000_000
}

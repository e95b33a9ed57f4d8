package import HRMModel

/// The floating-point operations of a whole training, by the formula of ``HRMModel/SegmentCost``.
///
/// Depth curricula and batch warm-up reduce the cost of early steps. Embedding, heads, losses,
/// optimizers and evaluations are not counted.
package struct TrainingCost: Sendable, Hashable {
    private let configuration: TrainingConfiguration
    /// The cost of one sequence in a step, for each stage of the curriculum.
    private let stageCosts: [Double]

    /// Creates the cost of training with the given settings.
    ///
    /// - Parameters:
    ///   - configuration: Valid settings.
    ///   - dimensions: The dimensions that the data set determines.
    package init(configuration: TrainingConfiguration, dimensions: PuzzleDimensions) {
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

    /// Returns the operations of the first steps of a training.
    ///
    /// - Parameters:
    ///   - made: The number of completed steps, at most `total`.
    ///   - total: The steps of the whole training, which determine the stages of the depth
    ///     curriculum.
    /// - Returns: Floating-point operations.
    package func operations(of made: Int, outOf total: Int) -> Double {
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

    /// Returns the number of inactive slots, summed over some steps.
    private func restingSlots(in steps: ClosedRange<Int>) -> Int {
        let last = min(steps.upperBound, configuration.batchWarmupSteps)
        guard steps.lowerBound <= last else { return 0 }
        let (batch, first) = (configuration.globalBatchSize, steps.lowerBound)
        // With very many different slot counts, each has few steps; their mean is that of the first
        // and last count.
        if min(batch, last) > Self.mostCounted {
            let slots =
                configuration.learningSlots(at: first) + configuration.learningSlots(at: last)
            return Int(Double(last - first + 1) * (Double(batch) - Double(slots) / 2))
        }
        var resting = 0
        var step = first
        // If there are more steps than slots, consecutive steps share a slot count.
        while step <= last {
            let slots = configuration.learningSlots(at: step)
            let end = min(last, lastStep(with: slots, from: step, through: last))
            resting += (end - step + 1) * (batch - slots)
            step = end + 1
        }
        return resting
    }

    /// Returns the last of some steps with the given slot count; the count never decreases.
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

    /// Returns the length of the longest training within a budget.
    ///
    /// - Parameter budget: Floating-point operations.
    /// - Returns: The number of steps; 0 if the first step exceeds the budget, more than
    ///   `mostSteps` if even that many do not reach it.
    package func steps(within budget: Double) -> Int {
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

    /// The maximum number of slot counts that are summed exactly.
    private static let mostCounted = 20_000
    /// The maximum number of steps of a run.
    static let mostSteps = 1_000_000_000
}

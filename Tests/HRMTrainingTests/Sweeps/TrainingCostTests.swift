import HRMModel
import HRMTraining
import Testing
import _HRMTestSupport

@Suite struct TrainingCostTests {
    private static let dimensions = PuzzleDimensions(
        vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 1)

    private static func configuration(_ settings: [String]) throws -> TrainingConfiguration {
        var configuration = TinyPuzzles.configuration
        for assignment in settings { try configuration.set(assignment) }
        try configuration.validate()
        return configuration
    }

    /// A step of the whole batch at a depth, by the formula of the benchmark.
    private static func step(high: Int, low: Int, of configuration: TrainingConfiguration) -> Double
    {
        var architecture = configuration.architecture
        (architecture.highCycles, architecture.lowCycles) = (high, low)
        let cost = SegmentCost(configuration: architecture, dimensions: dimensions).training
        return cost * Double(configuration.globalBatchSize)
    }

    @Test func everyStepCostsTheSame() throws {
        let configuration = try Self.configuration(["H_cycles=2", "L_cycles=3"])
        let cost = TrainingCost(configuration: configuration, dimensions: Self.dimensions)
        let step = Self.step(high: 2, low: 3, of: configuration)
        #expect(cost.operations(of: 7, outOf: 7) == 7 * step)
        #expect(cost.operations(of: 3, outOf: 100) == 3 * step)
        #expect(cost.operations(of: 0, outOf: 100) == 0)
        #expect(cost.steps(within: 7 * step) == 7)
        #expect(cost.steps(within: 7.99 * step) == 7)
        #expect(cost.steps(within: 0.99 * step) == 0)
        #expect(cost.steps(within: step) == 1)
    }

    @Test func shallowStepsCostLess() throws {
        let configuration = try Self.configuration([
            "H_cycles=3", "L_cycles=2", "depth_curriculum=0:1x1,0.3:2x2,0.6:3x2",
        ])
        let cost = TrainingCost(configuration: configuration, dimensions: Self.dimensions)
        let steps = [(1, 1), (2, 2), (3, 2)].map {
            Self.step(high: $0.0, low: $0.1, of: configuration)
        }
        #expect(steps[0] < steps[1] && steps[1] < steps[2])
        #expect(cost.operations(of: 10, outOf: 10) == 3 * steps[0] + 3 * steps[1] + 4 * steps[2])
        #expect(cost.operations(of: 5, outOf: 10) == 3 * steps[0] + 2 * steps[1])
        #expect(cost.operations(of: 2, outOf: 10) == 2 * steps[0])
    }

    @Test func slotsThatRestCostNothing() throws {
        let configuration = try Self.configuration([
            "global_batch_size=8", "batch_warmup_steps=4", "batch_warmup_start=0.25",
        ])
        let cost = TrainingCost(configuration: configuration, dimensions: Self.dimensions)
        let sequence = Self.step(high: 1, low: 1, of: configuration) / 8
        // 2, 4, 5, 7, and then 8 slots.
        #expect(cost.operations(of: 1, outOf: 6) == 2 * sequence)
        #expect(cost.operations(of: 3, outOf: 6) == 11 * sequence)
        #expect(cost.operations(of: 6, outOf: 6) == 34 * sequence)
    }

    /// Whatever the settings: one step more would be too much.
    @Test(arguments: [
        [], ["depth_curriculum=0:1x1,0.5:2x3"], ["batch_warmup_steps=30"],
        ["depth_curriculum=0:1x1,0.21:1x3,0.83:2x3", "batch_warmup_steps=11"],
    ])
    func theBudgetIsUsedUp(settings: [String]) throws {
        let configuration = try Self.configuration(["H_cycles=2", "L_cycles=3"] + settings)
        let cost = TrainingCost(configuration: configuration, dimensions: Self.dimensions)
        let step = Self.step(high: 2, low: 3, of: configuration)
        for budget in [1.0, 2.5, 9.99, 50, 777.7].map({ $0 * step }) {
            let steps = cost.steps(within: budget)
            #expect(steps >= 1)
            #expect(cost.operations(of: steps, outOf: steps) <= budget)
            #expect(cost.operations(of: steps + 1, outOf: steps + 1) > budget)
        }
    }
}

import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine

@Suite struct AveragedWeightsTests {
    @Test func theAverageFollowsItsRecurrence() {
        let model = TinyPuzzles.model()
        let average = AveragedWeights(of: model)
        var expected = model.parameters.values.map(Double.init)
        #expect(average.shadow.values == model.parameters.values)
        var generator = SeededGenerator(seed: 3)
        for _ in 1...5 {
            model.parameters.assign(generator.values(model.parameters.columns))
            average.update(from: model, rate: 0.9, workers: Workers(count: 3))
            for (index, value) in model.parameters.values.enumerated() {
                expected[index] = 0.1 * Double(value) + 0.9 * expected[index]
            }
        }
        // Two products and a sum are rounded in each step.
        expectClose(
            average.shadow.values, expected.map(Float.init),
            Tolerance(absolute: 1e-6, relative: 1e-6), "averages")
    }

    /// A training divided among processes shares this work in another way than one process.
    @Test func theNumberOfWorkersDoesNotChangeBits() {
        func average(workers: Int) -> [Float] {
            let model = TinyPuzzles.model()
            let average = AveragedWeights(of: model)
            var generator = SeededGenerator(seed: 4)
            for _ in 1...3 {
                model.parameters.assign(generator.values(model.parameters.columns))
                average.update(from: model, rate: 0.99, workers: Workers(count: workers))
            }
            return average.shadow.values
        }
        let one = average(workers: 1)
        for count in 2...7 { #expect(average(workers: count) == one) }
    }

    /// Forty steps of which the last weights are ones: without a warm-up the average is mostly what it
    /// began with.
    @Test(arguments: [(true, -0.001...0.001), (false, 0.66...0.68)])
    func initialWeightsAreSoonForgotten(warmsUp: Bool, left: ClosedRange<Float>) {
        let model = TinyPuzzles.model()
        let count = model.parameters.columns
        model.parameters.assign([Float](repeating: 0, count: count))
        let average = AveragedWeights(of: model)
        let schedule = AverageSchedule(rate: 0.99, warmsUp: warmsUp)
        model.parameters.assign([Float](repeating: 1, count: count))
        for step in 1...40 {
            average.update(
                from: model, rate: schedule.rate(at: step), workers: Workers(count: 1))
        }
        #expect(average.shadow.values.allSatisfy { left.contains(1 - $0) })
    }

    @Test func theWarmUpEndsAtTheRate() {
        let average = AverageSchedule(rate: 0.9, warmsUp: true)
        #expect(average.rate(at: 1) == 2.0 / 11)
        #expect(average.rate(at: 79) == 80.0 / 89)
        #expect(average.rate(at: 80) == 0.9 && average.rate(at: 100_000) == 0.9)
        let plain = AverageSchedule(rate: 0.9)
        #expect(plain.rate(at: 1) == 0.9)
    }

    @Test func theCopyHasTheRestOfTheModel() throws {
        let model = TinyPuzzles.model()
        var optimizers = OptimizerDescription()
        optimizers.averagesWeights = true
        let workers = Workers(count: 1)
        let engine = CPUEngine(
            training: model, optimizers: optimizers, batchSize: 1, workers: workers)
        let averages = model.parameters.values
        model.parameters.assign(averages.map { $0 + 1 })
        let copy = HierarchicalReasoningModel(
            blank: model.configuration, dimensions: model.dimensions, trainable: false)
        engine.copyWeights(average: true, to: copy, workers: workers)
        #expect(copy.parameters.values == averages)
        #expect(copy.puzzleEmbedding?.values == model.puzzleEmbedding?.values)
        #expect(copy.highInitial.values == model.highInitial.values)
        #expect(copy.lowInitial.values == model.lowInitial.values)
        engine.copyWeights(average: false, to: copy, workers: workers)
        // Between the tensors is memory that belongs to none.
        for entry in model.layout.entries {
            #expect(copy.tensor(entry)?.values == model.tensor(entry)?.values, "\(entry.name)")
        }
    }
}

import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMTraining

@Suite struct AveragedWeightsTests {
    @Test func theAverageFollowsItsRecurrence() {
        let model = TinyPuzzles.model()
        let average = AveragedWeights(of: model, rate: 0.9)
        var expected = model.parameters.values.map(Double.init)
        #expect(average.shadow.values == model.parameters.values)
        var generator = SeededGenerator(seed: 3)
        for step in 1...5 {
            model.parameters.assign(generator.values(model.parameters.columns))
            average.update(from: model, step: step, workers: Workers(count: 3))
            for (index, value) in model.parameters.values.enumerated() {
                expected[index] = 0.1 * Double(value) + 0.9 * expected[index]
            }
        }
        // Two products and a sum are rounded in each step.
        expectClose(
            average.shadow.values, expected.map(Float.init),
            Tolerance(absolute: 1e-6, relative: 1e-6), "averages")
    }

    /// Forty steps of which the last weights are ones: without a warm-up the average is mostly what it
    /// began with.
    @Test(arguments: [(true, -0.001...0.001), (false, 0.66...0.68)])
    func initialWeightsAreSoonForgotten(warmsUp: Bool, left: ClosedRange<Float>) {
        let model = TinyPuzzles.model()
        let count = model.parameters.columns
        model.parameters.assign([Float](repeating: 0, count: count))
        let average = AveragedWeights(of: model, rate: 0.99, warmsUp: warmsUp)
        model.parameters.assign([Float](repeating: 1, count: count))
        for step in 1...40 {
            average.update(from: model, step: step, workers: Workers(count: 1))
        }
        #expect(average.shadow.values.allSatisfy { left.contains(1 - $0) })
    }

    @Test func theWarmUpEndsAtTheRate() {
        let average = AveragedWeights(of: TinyPuzzles.model(), rate: 0.9, warmsUp: true)
        #expect(average.rate(at: 1) == 2.0 / 11)
        #expect(average.rate(at: 79) == 80.0 / 89)
        #expect(average.rate(at: 80) == 0.9 && average.rate(at: 100_000) == 0.9)
        let plain = AveragedWeights(of: TinyPuzzles.model(), rate: 0.9)
        #expect(plain.rate(at: 1) == 0.9)
    }

    @Test func theCopyHasTheRestOfTheModel() {
        let model = TinyPuzzles.model()
        let other = TinyPuzzles.model(seed: 2)
        let average = AveragedWeights(of: other, rate: 0.5)
        let copy = HierarchicalReasoningModel(
            blank: model.configuration, dimensions: model.dimensions, trainable: false)
        average.copy(to: copy, with: model, workers: Workers(count: 1))
        #expect(copy.parameters.values == other.parameters.values)
        #expect(copy.puzzleEmbedding?.values == model.puzzleEmbedding?.values)
        #expect(copy.highInitial.values == model.highInitial.values)
        #expect(copy.lowInitial.values == model.lowInitial.values)
    }
}

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
        for _ in 0..<5 {
            model.parameters.assign(generator.values(model.parameters.columns))
            average.update(from: model, workers: Workers(count: 3))
            for (index, value) in model.parameters.values.enumerated() {
                expected[index] = 0.1 * Double(value) + 0.9 * expected[index]
            }
        }
        // Two products and a sum are rounded in each step.
        expectClose(
            average.shadow.values, expected.map(Float.init),
            Tolerance(absolute: 1e-6, relative: 1e-6), "averages")
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

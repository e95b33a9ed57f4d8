import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMInference

/// The plan of models for which nobody names one.
@Suite struct RecommendedPlanTests {
    private static func model(steps: Int) -> HierarchicalReasoningModel {
        var configuration = TinyPuzzles.architecture
        configuration.haltMaxSteps = steps
        return HierarchicalReasoningModel(
            blank: configuration,
            dimensions: PuzzleDimensions(
                vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 1),
            trainable: false)
    }

    @Test(arguments: [(2, 64), (16, 64), (64, 64), (100, 100)])
    func aModelThatHasLearnedToHaltDoes(trained: Int, steps: Int) {
        let plan = InferenceOptions.recommended(for: Self.model(steps: trained))
        #expect(plan == InferenceOptions(maxSteps: steps, halting: .converged, restarts: 15))
    }

    @Test func aModelOfOneSegmentHasNotLearnedToHalt() {
        let plan = InferenceOptions.recommended(for: Self.model(steps: 1))
        #expect(plan == InferenceOptions(maxSteps: 1))
    }

    @Test func aReasonerUsesIt() {
        let model = Self.model(steps: 3)
        let file = ModelFile(model: model)
        #expect(Reasoner(file, slots: 1).plan == .recommended(for: model))
        #expect(Reasoner(file, plan: .asTrained(model), slots: 1).plan.maxSteps == 3)
    }
}

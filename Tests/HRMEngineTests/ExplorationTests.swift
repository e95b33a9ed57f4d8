import HRMEngine
import HRMModel
import HRMTensor
import Testing

/// The minimum numbers of segments that are drawn in training.
@Suite struct ExplorationTests {
    private static func draw(
        _ slots: Int, probability: Double, maxSteps: Int, seed: UInt64
    ) -> (steps: [Int], generator: SeededGenerator) {
        var generator = SeededGenerator(seed: seed)
        let steps = AdaptiveComputation.drawMinimumSteps(
            slots: slots, maxSteps: maxSteps, probability: probability, using: &generator)
        return (steps, generator)
    }

    @Test func minimaAreDrawnWithTheProbabilityAndEvenly() {
        let count = 20000
        let (steps, _) = Self.draw(count, probability: 0.3, maxSteps: 6, seed: 121)
        let explored = steps.filter { $0 != 0 }
        // Five standard deviations of a binomial count.
        let spread = 5 * (Double(count) * 0.3 * 0.7).squareRoot()
        #expect(abs(Double(explored.count) - 0.3 * Double(count)) < spread)
        #expect(Set(explored) == Set(2...6))
        for number in 2...6 {
            let share = Double(explored.count) / 5
            let found = Double(explored.count { $0 == number })
            #expect(abs(found - share) < 5 * share.squareRoot(), "\(number)")
        }
    }

    @Test func theProbabilityGoesFromNeverToAlways() {
        #expect(
            Self.draw(500, probability: 0, maxSteps: 6, seed: 1).steps.allSatisfy { $0 == 0 })
        #expect(
            Self.draw(500, probability: 1, maxSteps: 6, seed: 1).steps.allSatisfy { $0 >= 2 })
        #expect(
            Self.draw(500, probability: 1, maxSteps: 1, seed: 1).steps.allSatisfy { $0 == 2 })
    }

    /// What is drawn afterwards does not depend on what came out, nor on the probability.
    @Test func theNumberOfDrawsIsFixed() {
        let states = [0, 0.5, 1].map {
            Self.draw(37, probability: $0, maxSteps: 9, seed: 5).generator
        }
        #expect(Set(states).count == 1)
        let first = Self.draw(37, probability: 0.5, maxSteps: 9, seed: 5).steps
        #expect(Self.draw(37, probability: 0.5, maxSteps: 9, seed: 5).steps == first)
        #expect(Self.draw(37, probability: 0.5, maxSteps: 9, seed: 6).steps != first)
    }
}

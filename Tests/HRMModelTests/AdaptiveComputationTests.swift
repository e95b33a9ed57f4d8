import Foundation
import HRMEngine
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMModel

@Suite struct AdaptiveComputationTests {
    @Test(arguments: [
        // The last segment ends everything, whatever Q says and the minimum asks.
        (4, 4, -9.0, 9.0, 4, true), (5, 4, -9.0, 9.0, 9, true), (1, 1, -9.0, 9.0, 0, true),
        // Before it, halting must look better than going on, by however little.
        (1, 4, 0.5, 0.25, 0, true), (1, 4, 0.25, 0.5, 0, false), (1, 4, 0.5, 0.5, 0, false),
        (1, 4, -3.0, -4.0, 0, true),
        // And the minimum must be reached.
        (2, 4, 1.0, 0.0, 3, false), (3, 4, 1.0, 0.0, 3, true), (3, 4, 0.0, 1.0, 3, false),
    ])
    func aSequenceHalts(
        steps: Int, maxSteps: Int, qHalt: Float, qContinue: Float, minimumSteps: Int,
        expected: Bool
    ) {
        #expect(
            AdaptiveComputation.halts(
                steps: steps, maxSteps: maxSteps, qHalt: qHalt, qContinue: qContinue,
                minimumSteps: minimumSteps) == expected)
    }

    @Test func theTargetIsTheBetterOfTheNextSegment() {
        let cases: [(Bool, Float, Float, Double)] = [
            (false, 1, -2, 1), (false, -2, 1, 1), (true, 1, -2, 1), (true, -2, 1, -2),
            (false, 0.5, 0.5, 0.5),
        ]
        for (isLast, qHalt, qContinue, logit) in cases {
            expectClose(
                AdaptiveComputation.targetQContinue(
                    isLast: isLast, next: .init(qHalt: qHalt, qContinue: qContinue)),
                1 / (1 + exp(-logit)), Tolerance(relative: 1e-15),
                "last \(isLast), \(qHalt), \(qContinue)")
        }
    }

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

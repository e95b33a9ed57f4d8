import Foundation
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
}

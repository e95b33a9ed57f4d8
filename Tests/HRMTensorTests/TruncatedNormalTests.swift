import Foundation
import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct TruncatedNormalTests {
    /// ±2 standard cuts: the truncated deviation of a unit normal is 0.8796256610342398.
    @Test func theDeviationIsCompensated() {
        for standardDeviation in [1, 0.02] {
            let distribution = TruncatedNormal(standardDeviation: standardDeviation)
            expectClose(
                distribution.compensatedDeviation, standardDeviation / 0.8796256610342398,
                Tolerance(relative: 1e-14), "c")
            expectClose(
                distribution.uniformRange.upperBound, 0.9544997361036416,
                Tolerance(relative: 1e-15), "erf(√2)")
        }
    }

    /// erf inverts the result, also for asymmetric cuts.
    @Test func theValueIsTheQuantile() {
        for cuts in [-2...2, -0.5...3, 0.1...0.2] {
            let distribution = TruncatedNormal(standardDeviation: 1, cuts: cuts)
            let (a, b) = (
                distribution.uniformRange.lowerBound, distribution.uniformRange.upperBound
            )
            for step in 0...64 {
                let u = a + (b - a) * Double(step) / 64
                let x = distribution.value(ofUniform: u) / distribution.compensatedDeviation
                expectClose(
                    erf(x / 2.0.squareRoot()), u, Tolerance(absolute: 4e-16, relative: 4e-16),
                    "erf, \(cuts)")
            }
        }
    }

    @Test func theCutsHold() {
        let distribution = TruncatedNormal(standardDeviation: 1)
        let c = distribution.compensatedDeviation
        for u in [1.0, -1, 0.9999] {
            #expect(distribution.value(ofUniform: u) == (u < 0 ? -2 * c : 2 * c))
        }
        #expect(distribution.value(ofUniform: 0.0) == 0)
    }

    /// Mean, deviation and range of many draws.
    @Test(arguments: Precision.allCases)
    func drawsHaveTheWantedMoments(precision: Precision) {
        let distribution = TruncatedNormal(standardDeviation: 0.5)
        var generator = SeededGenerator(seed: 71)
        let count = 20000
        let values = (0..<count).map { _ in
            Double(distribution.next(using: &generator, precision: precision))
        }
        let mean = values.reduce(0, +) / Double(count)
        let variance = values.reduce(0) { $0 + $1 * $1 } / Double(count) - mean * mean
        // Five standard errors: of the mean σ/√n, of the deviation less (kurtosis < 3); in bfloat16
        // plus its rounding.
        let error = 5 * 0.5 / Double(count).squareRoot()
        let rounding = precision == .bfloat16 ? 0.5 * precision.storageError : 0
        #expect(abs(mean) < error + rounding)
        #expect(abs(variance.squareRoot() - 0.5) < error + rounding)
        let bound = 2 * distribution.compensatedDeviation * (1 + precision.storageError)
        #expect(values.allSatisfy { abs($0) <= bound })
        // Nine tenths of the range are reached, so the tails exist.
        #expect((values.max() ?? 0) > 0.9 * bound && (values.min() ?? 0) < -0.9 * bound)
        if precision == .bfloat16 {
            #expect(values.allSatisfy { Double(precision.rounded(Float($0))) == $0 })
        }
    }
}

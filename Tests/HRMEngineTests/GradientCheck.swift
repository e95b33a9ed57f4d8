import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMModel

/// Holds a gradient against difference quotients of a loss: along one random direction through all
/// elements, and along some single ones.
struct GradientCheck {
    /// How large the numbers are whose rounding the loss feels.
    var magnitude: Double
    /// Single elements to look at.
    var samples = 3

    /// The widest step.
    private static let step: Float = 0.02

    /// What float32 leaves uncertain: outputs that are each off by some ε, in all directions, after
    /// a few hundred additions; the difference of two losses is divided by the step.
    private func noise(step: Float) -> Double { 8 * 0x1p-23 * magnitude / Double(step) }

    /// Compares a gradient with what a loss does when the elements it belongs to move.
    ///
    /// `loss` runs the forward pass anew on what lies in `place`, which is put back afterwards.
    func expect(
        _ gradient: [Float], of place: Matrix, _ name: String,
        using generator: inout SeededGenerator, loss: () -> Double
    ) {
        let start = place.values
        #expect(gradient.count == start.count, "\(name)")
        func compare(_ value: Double, along direction: [Float], _ name: String) {
            let (slope, uncertainty) = derivative { distance in
                place.assign(zip(start, direction).map { $0 + distance * $1 })
                return loss()
            }
            place.assign(start)
            expectClose(
                value, slope, Tolerance(absolute: uncertainty, relative: 2e-4), name)
        }
        let random = generator.values(start.count)
        let length = weighted(random, random).squareRoot()
        let direction = random.map { $0 / Float(length) }
        compare(weighted(gradient, direction), along: direction, "\(name), all elements")
        for _ in 0..<samples {
            let index = Int.random(in: 0..<start.count, using: &generator)
            var unit = [Float](repeating: 0, count: start.count)
            unit[index] = 1
            compare(Double(gradient[index]), along: unit, "\(name)[\(index)]")
        }
    }

    /// The difference quotient of a step, halved until another half makes no difference, and how far
    /// it may be off: by the noise, and by as much as the last half did change.
    private func derivative(_ loss: (Float) -> Double) -> (slope: Double, uncertainty: Double) {
        var step = Self.step
        var wide = centralDifference(step: step, of: loss)
        while true {
            step /= 2
            let narrow = centralDifference(step: step, of: loss)
            let (change, noise) = (abs(wide - narrow), noise(step: step))
            if change <= noise + 1e-4 * abs(narrow) || step < Self.step / 20 {
                return (narrow, noise + change)
            }
            wide = narrow
        }
    }
}

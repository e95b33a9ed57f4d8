import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMModel

/// Holds a gradient against difference quotients of a loss: along one random direction through all
/// elements, and along some single ones.
struct GradientCheck {
    /// Σ |terms| of the loss, or what else tells how large the numbers are that rounding moves.
    var magnitude: Double
    /// Half the distance between the two inner points.
    var step: Float = 0.02
    /// Single elements to look at.
    var samples = 6

    /// What float32 leaves uncertain: the loss is a sum of outputs that are each off by some ε, in
    /// all directions, after a few hundred additions; the fourth-order formula divides by the step.
    var noise: Double { 8 * 0x1p-23 * magnitude / Double(step) }

    /// - Parameters:
    ///   - place: Where the elements lie; it is changed, and put back.
    ///   - gradient: What the backward pass found, in the same order.
    ///   - loss: Evaluates the forward pass anew.
    func expect(
        _ gradient: [Float], of place: Matrix, _ name: String,
        using generator: inout SeededGenerator, loss: () -> Double
    ) {
        let start = place.values
        #expect(gradient.count == start.count, "\(name)")
        func along(_ direction: [Float]) -> Double {
            defer { place.assign(start) }
            return centralDifference(step: step) { distance in
                place.assign(zip(start, direction).map { $0 + distance * $1 })
                return loss()
            }
        }
        let tolerance = Tolerance(absolute: noise, relative: 2e-4)
        let random = generator.values(start.count)
        let length = weighted(random, random).squareRoot()
        let direction = random.map { $0 / Float(length) }
        expectClose(
            weighted(gradient, direction), along(direction), tolerance, "\(name), all elements")
        for _ in 0..<samples {
            let index = Int.random(in: 0..<start.count, using: &generator)
            var unit = [Float](repeating: 0, count: start.count)
            unit[index] = 1
            expectClose(
                Double(gradient[index]), along(unit), tolerance, "\(name)[\(index)]")
        }
    }
}

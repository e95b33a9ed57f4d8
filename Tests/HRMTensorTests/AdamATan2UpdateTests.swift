import Foundation
import HRMTensor
import Testing
import _HRMTestSupport

/// The optimizer's rule, element by element.
@Suite struct AdamATan2UpdateTests {
    /// The rule in float32 at the points where the kernel rounds, with a float64 arc tangent.
    private struct Scalar {
        var p: Float
        var m: Float
        var v: Float

        mutating func update(
            _ g: Float, rate: Double, decay: Double, beta1: Double, beta2: Double, step: Int
        ) {
            m += Float(1 - beta1) * (g - m)
            v += Float(1 - beta2) * (g * g - v)
            let root = Double(v).squareRoot() / (1 - pow(beta2, Double(step))).squareRoot()
            let turn = rate / (1 - pow(beta1, Double(step))) * atan2(Double(m), root)
            p = Float(Double(p) * (1 - rate * decay) - turn)
        }
    }

    /// Zero, ordinary, large and tiny gradients (whose square vanishes).
    private static let special: [Float] = [
        0, 1, -1, 1e-3, -1e-8, 1e-17, 1e-30, -1e-30, 1e15, -1e15, 1e-12, -3e7, 0.3,
    ]

    @Test func manyStepsFollowTheRule() {
        var generator = SeededGenerator(seed: 51)
        let (rate, decay, beta1, beta2) = (0.01, 0.3, 0.9, 0.95)
        for count in oddSizes + [Self.special.count, 40] {
            let start = generator.values(count)
            var scalars = start.map { Scalar(p: $0, m: 0, v: 0) }
            let parameters = FramedMatrix(start, rows: 1, columns: count)
            let moments = (0..<2).map { _ in
                FramedMatrix([Float](repeating: 0, count: count), rows: 1, columns: count)
            }
            for step in 1...5 {
                let g =
                    count == Self.special.count && step != 3
                    ? Self.special : generator.values(count)
                let gradient = FramedMatrix(g, rows: 1, columns: count)
                AdamATan2Update(
                    learningRate: rate, weightDecay: decay, beta1: beta1, beta2: beta2, step: step
                ).apply(
                    to: parameters.view, firstMoment: moments[0].view,
                    secondMoment: moments[1].view, gradients: [gradient.view])
                for index in 0..<count {
                    scalars[index].update(
                        g[index], rate: rate, decay: decay, beta1: beta1, beta2: beta2, step: step)
                }
                let name = "\(count) values, step \(step)"
                // There are few roundings per operation; the step is at most π/2 · rate / (1 − β1).
                expectClose(
                    parameters.view.values, scalars.map(\.p),
                    Tolerance(absolute: 8 * roundoff, relative: 4 * roundoff), name)
                expectClose(
                    moments[0].view.values, scalars.map(\.m),
                    Tolerance(absolute: 8 * roundoff, relative: 16 * roundoff),
                    "\(name): first moment")
                expectClose(
                    moments[1].view.values, scalars.map(\.v),
                    Tolerance(absolute: 8 * roundoff, relative: 16 * roundoff),
                    "\(name): second moment")
                #expect(
                    gradient.view.values.allSatisfy { $0 == 0 }, "\(name): gradient not cleared")
                for framed in [parameters, gradient] + moments { framed.expectIntact(name) }
            }
        }
    }

    /// If g² overflows, the angle is 0, as float32's atan2(m, ∞) is; if it vanishes, ±π/2.
    @Test func squaresOutOfRangeBoundTheStep() {
        let g: [Float] = [1e30, -1e30, 3e38, 1e-30, -1e-30]
        let p = Matrix([Float](repeating: 1, count: g.count), rows: 1, columns: g.count)
        AdamATan2Update(learningRate: 0.1, weightDecay: 1, beta1: 0.9, beta2: 0.95, step: 1).apply(
            to: p, firstMoment: Matrix(rows: 1, columns: g.count),
            secondMoment: Matrix(rows: 1, columns: g.count),
            gradients: [Matrix(g, rows: 1, columns: g.count)])
        let quarter = Double.pi / 2
        expectClose(
            p.values.map(Double.init), [0.9, 0.9, 0.9, 0.9 - quarter, 0.9 + quarter],
            Tolerance(relative: 8 * roundoff), "parameters")
    }

    /// The arc tangent alone, over every ratio of the moments.
    @Test func theAngleIsAccurate() {
        let ratios =
            stride(from: Float(-30), through: 30, by: 0.25).map { exp2($0) }
            + [0.41421, 0.41422, 2.41421, 2.41422, 0, 1e-30, 1e38]
        let ms = ratios + ratios.map { -$0 }
        let count = ms.count
        let p = Matrix(rows: 1, columns: count)
        let m = Matrix(ms, rows: 1, columns: count)
        let v = Matrix([Float](repeating: 1, count: count), rows: 1, columns: count)
        let g = Matrix(rows: 1, columns: count)
        // β is so close to 1 that a zero gradient does not change the moments; the bias corrections
        // then make the factors rate/(1−β) and √(1−β), for which the rate and the ratio compensate.
        let beta = 1 - 0x1p-26
        AdamATan2Update(learningRate: 0x1p-26, weightDecay: 0, beta1: beta, beta2: beta, step: 1)
            .apply(to: p, firstMoment: m, secondMoment: v, gradients: [g])
        expectClose(
            p.values.map(Double.init), ms.map { -atan2(Double($0), 0x1p13) },
            Tolerance(relative: 8 * roundoff), "angle")
    }

    @Test func nothingMovesWithoutGradientAndDecay() {
        let p = Matrix([1, -2, 0.1], rows: 1, columns: 3)
        AdamATan2Update(learningRate: 0.1, weightDecay: 0, beta1: 0.9, beta2: 0.95, step: 1).apply(
            to: p, firstMoment: Matrix(rows: 1, columns: 3),
            secondMoment: Matrix(rows: 1, columns: 3), gradients: [Matrix(rows: 1, columns: 3)])
        #expect(p.values == [1, -2, 0.1])
    }

    /// In float32 the order matters: 1e8 + 1 − 1e8 is 0, 1e8 − 1e8 + 1 is 1.
    @Test func gradientsAreSummedInOrderAndCleared() {
        for (parts, sum) in [([1e8, 1, -1e8], 0), ([1e8, -1e8, 1], 1)] as [([Float], Float)] {
            let count = 11
            let gradients = parts.map {
                FramedMatrix([Float](repeating: $0, count: count), rows: 1, columns: count)
            }
            let (p, m, v) = (
                Matrix(rows: 1, columns: count), Matrix(rows: 1, columns: count),
                Matrix(rows: 1, columns: count)
            )
            AdamATan2Update(learningRate: 1, weightDecay: 0, beta1: 0, beta2: 0, step: 1).apply(
                to: p, firstMoment: m, secondMoment: v, gradients: gradients.map(\.view))
            #expect(m.values == [Float](repeating: sum, count: count))
            #expect(v.values == [Float](repeating: sum, count: count))
            for gradient in gradients {
                #expect(gradient.view.values == [Float](repeating: 0, count: count))
                gradient.expectIntact("a part of the gradient")
            }
        }
    }
}

import HRMModel
import Testing
import _HRMTestSupport

@testable import HRMAccelerator

/// Gradients of the graph against central differences of the same graph, in float64.
@Suite struct DifferentiationTests {
    /// A function of tensors under test.
    struct Function: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let shapes: [[Int]]
        var isPositive = false
        let body: @Sendable ([Expression]) -> Expression

        init(
            _ name: String, _ shapes: [[Int]], isPositive: Bool = false,
            _ body: @escaping @Sendable ([Expression]) -> Expression
        ) {
            testDescription = name
            self.shapes = shapes
            self.isPositive = isPositive
            self.body = body
        }
    }

    static let functions: [Function] = [
        Function("sum of products", [[2, 3], [2, 3]]) { $0[0] * $0[1] + $0[0] },
        Function("quotient", [[4], [4]], isPositive: true) { $0[0] / $0[1] },
        Function("difference and negative", [[3], [3]]) { -$0[0] - $0[1] },
        Function("exponential of logistic", [[5]]) { $0[0].logistic.exponential },
        Function("logarithms", [[5]], isPositive: true) {
            $0[0].logarithm * $0[0].logarithmOfOnePlus
        },
        Function("roots", [[5]], isPositive: true) { $0[0].inverseSquareRoot + $0[0].squareRoot },
        Function("angles", [[5]]) { $0[0].sine * $0[0].cosine },
        Function("arc tangent", [[4], [4]], isPositive: true) { $0[0].arctangent(over: $0[1]) },
        Function("magnitude", [[6]]) { $0[0].magnitude },
        Function("maximum", [[6], [6]]) { $0[0].maximum($0[1]) },
        Function("choice", [[6], [6]]) {
            $0[0].compared(.greater, $0[1]).select($0[0] * $0[0], $0[1])
        },
        Function("broadcast", [[3]]) { x in
            let wide = x[0].broadcast(to: [2, 3, 4], axes: [1])
            return wide * wide
        },
        Function("transposition", [[2, 3, 4]]) { $0[0].transposed([2, 0, 1]).logistic },
        Function("slice and padding", [[3, 4]]) {
            $0[0].sliced(1..<3, axis: 1).padded(low: [1, 0], high: [0, 2]).exponential
        },
        Function("concatenation", [[2, 3], [2, 1]]) {
            let joined = Expression.concatenated([$0[0], $0[1], $0[0]], axis: 1)
            return joined * joined
        },
        Function("sum over axes", [[2, 3, 4]]) {
            let sums = $0[0].sum(over: [0, 2])
            return sums * sums
        },
        Function("product over one axis", [[2, 3], [4, 3]]) {
            $0[0].dot($0[1], GraphOperation.DotAxes(leftSummed: [1], rightSummed: [1])).logistic
        },
        Function("product with shared axes", [[2, 3, 2, 4], [2, 5, 2, 4]]) {
            $0[0].dot(
                $0[1],
                GraphOperation.DotAxes(
                    leftShared: [0, 2], rightShared: [0, 2], leftSummed: [3], rightSummed: [3])
            ).logistic
        },
        Function("product over two axes in another order", [[3, 2, 4], [4, 5, 3]]) {
            $0[0].dot($0[1], GraphOperation.DotAxes(leftSummed: [0, 2], rightSummed: [2, 0]))
                .logistic
        },
    ]

    @Test(arguments: functions)
    func gradientsAreSlopes(_ function: Function) throws {
        let builder = GraphBuilder()
        let variables = function.shapes.enumerated().map {
            builder.argument("x\($0)", BufferType($1, .float64))
        }
        let result = function.body(variables)
        // Different weights of the elements, so that no permutation of them goes unseen.
        let weights = builder.vector(
            (0..<result.type.count).map { 0.3 + 0.1 * Double($0 % 7) }, .float64
        ).reshaped(result.shape)
        let objective = (result * weights).sum
        builder.output("objective", objective)
        for (index, gradient) in builder.gradients(of: objective, by: variables).enumerated() {
            builder.output("gradient\(index)", gradient)
        }
        let run = GraphInterpreter(graph: builder.graph)
        var inputs = function.shapes.enumerated().map { index, shape in
            (0..<shape.reduce(1, *)).map { element in
                let value = Double((element * 37 + index * 17) % 23) / 11 - 0.97
                return function.isPositive ? abs(value) + 0.2 : value
            }
        }
        let gradients = Array(run(inputs).dropFirst())
        let step = 1e-5
        for index in inputs.indices {
            for element in inputs[index].indices {
                let value = inputs[index][element]
                inputs[index][element] = value + step
                let above = run(inputs)[0][0]
                inputs[index][element] = value - step
                let below = run(inputs)[0][0]
                inputs[index][element] = value
                let slope = (above - below) / (2 * step)
                #expect(
                    abs(gradients[index][element] - slope) < 1e-7,
                    "\(gradients[index][element]) and \(slope)")
            }
        }
    }

    @Test func noGradientFlowsThroughStops() {
        let builder = GraphBuilder()
        let x = builder.argument("x", BufferType([2], .float64))
        let objective = (x.stopped * x).sum
        builder.output("gradient", builder.gradients(of: objective, by: [x])[0])
        #expect(GraphInterpreter(graph: builder.graph)([[3, -5]]) == [[3, -5]])
    }

    @Test func gradientsOfRoundedWeightsAreSummedInFloat32() throws {
        let builder = GraphBuilder()
        let weight = builder.argument("w", BufferType([2, 3]))
        let rounded = weight.converted(to: .bfloat16)
        let x = builder.argument("x", BufferType([4, 3], .bfloat16))
        let axes = GraphOperation.DotAxes(leftSummed: [1], rightSummed: [1])
        let first = x.dot(rounded, axes).converted(to: .float32)
        let second = x.dot(rounded, axes).converted(to: .float32)
        let gradient = builder.gradients(of: (first * second).sum, by: [weight])[0]
        #expect(gradient.element == .float32)
        let node = builder.graph.nodes[gradient.index]
        // A product of bfloat16 factors with a float32 sum, not a rounded one.
        #expect(node.operation != .convert)
    }

    @Test func equalOperationsAreOne() {
        let builder = GraphBuilder()
        let x = builder.argument("x", BufferType([2]))
        let count = builder.graph.nodes.count
        #expect((x + x).index == (x + x).index)
        #expect(builder.graph.nodes.count == count + 1)
    }
}

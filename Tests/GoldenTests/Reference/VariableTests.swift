import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// Every operation of the reference engine's differentiation against central differences.
@Suite struct VariableTests {
    /// An operation on some matrices.
    struct Operation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Rows and columns of the operands.
        let shapes: [(rows: Int, columns: Int)]
        /// True if the operands must be above zero.
        var isPositive = false
        let result: @Sendable ([Variable]) -> Variable
    }

    private static let square = [(3, 4)]
    private static let pair = [(3, 4), (3, 4)]

    static let operations: [Operation] = [
        Operation(testDescription: "sum", shapes: pair) { $0[0] + $0[1] },
        Operation(testDescription: "difference", shapes: pair) { $0[0] - $0[1] },
        Operation(testDescription: "difference of itself", shapes: square) {
            3 * $0[0] - $0[0] * $0[0]
        },
        Operation(testDescription: "elementwise product", shapes: pair) { $0[0] * $0[1] },
        Operation(testDescription: "scaling", shapes: square) { -1.5 * $0[0] },
        Operation(testDescription: "added number", shapes: square) { ($0[0] + 2.5) * $0[0] },
        Operation(testDescription: "exponential", shapes: square) {
            $0[0].applying(.exponential)
        },
        Operation(testDescription: "logarithm", shapes: square, isPositive: true) {
            $0[0].applying(.logarithm)
        },
        Operation(testDescription: "reciprocal", shapes: square, isPositive: true) {
            $0[0].applying(.reciprocal)
        },
        Operation(testDescription: "inverse root", shapes: square, isPositive: true) {
            $0[0].applying(.inverseRoot)
        },
        Operation(testDescription: "silu", shapes: square) { $0[0].applying(.silu) },
        Operation(testDescription: "softplus", shapes: square) { $0[0].applying(.softplus) },
        Operation(testDescription: "stable", shapes: square) { $0[0].applying(.stable) },
        Operation(testDescription: "matrix product", shapes: [(3, 4), (2, 4)]) {
            $0[0].timesTransposed($0[1])
        },
        Operation(testDescription: "product with itself", shapes: square) {
            $0[0].timesTransposed($0[0])
        },
        Operation(testDescription: "transpose", shapes: square) { $0[0].transposed },
        Operation(testDescription: "row sums", shapes: square) { $0[0].rowSums },
        Operation(testDescription: "spread", shapes: [(3, 1)]) { $0[0].spread(columns: 4) },
        Operation(testDescription: "sum of all", shapes: square) { $0[0].sum },
        Operation(testDescription: "reshape", shapes: square) {
            $0[0].reshaped(rows: 2, columns: 6)
        },
        Operation(testDescription: "rows", shapes: square) { $0[0].rows([2, 0, 2]) },
        Operation(testDescription: "columns", shapes: square) { $0[0].columns(1..<3) },
        Operation(testDescription: "stack", shapes: [(3, 4), (1, 4)]) { Variable.stacked($0) },
        Operation(testDescription: "join", shapes: [(3, 4), (3, 1)]) { Variable.joined($0) },
    ]

    @Test(arguments: operations)
    func gradientsAreThoseOfCentralDifferences(_ operation: Operation) throws {
        var generator = SeededGenerator(seed: 4711)
        func matrix(_ rows: Int, _ columns: Int) -> PlainMatrix {
            let values = generator.values(rows * columns).map {
                operation.isPositive ? 1.5 + Double($0) : Double($0)
            }
            return PlainMatrix(values, rows: rows, columns: columns)
        }
        let operands = operation.shapes.map { matrix($0.rows, $0.columns) }
        let variables = operands.map { Variable($0) }
        let result = operation.result(variables)
        let seed = matrix(result.rows, result.columns)
        result.backward(seed)
        func loss(_ operands: [PlainMatrix]) -> Double {
            operation.result(operands.map { Variable($0) }).value.timesElements(of: seed).values
                .reduce(0, +)
        }
        for (index, variable) in variables.enumerated() {
            let expected = operands[index].values.indices.map { element in
                let step = 1e-5
                func shifted(by shift: Double) -> Double {
                    var moved = operands
                    moved[index].values[element] += shift
                    return loss(moved)
                }
                return (shifted(by: step) - shifted(by: -step)) / (2 * step)
            }
            expectClose(
                variable.gradient.values, expected, Tolerance(absolute: 1e-8),
                "\(operation.testDescription), operand \(index)")
            #expect(variable.gradient.values.contains { abs($0) > 1e-3 })
        }
    }

    @Test func constantsPassNothingOn() {
        let x = Variable(PlainMatrix([2, 3], rows: 1, columns: 2))
        (x.detached * x).backward()
        #expect(x.gradient == PlainMatrix([2, 3], rows: 1, columns: 2))
    }

    @Test func gradientsAddUpOverPasses() {
        let x = Variable(PlainMatrix([2], rows: 1, columns: 1))
        (x * x).backward()
        (3 * x).backward()
        #expect(x.gradient.values == [7])
    }
}

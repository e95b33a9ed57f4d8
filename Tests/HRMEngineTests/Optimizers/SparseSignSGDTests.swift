import HRMTensor
import Testing

@testable import HRMEngine

@Suite struct SparseSignSGDTests {
    /// The formula of the documentation, occurrence by occurrence.
    private func expected(
        _ table: [Float], width: Int, _ identifiers: [Int32], _ gradients: [[Float]],
        rate: Double, weightDecay: Double
    ) -> [Float] {
        let decay = Float(1 - rate * weightDecay)
        var result = table
        for identifier in Set(identifiers) {
            var sum = [Float](repeating: 0, count: width)
            for (place, gradient) in gradients.enumerated() where identifiers[place] == identifier {
                for column in 0..<width { sum[column] += gradient[column] }
            }
            for column in 0..<width {
                let index = Int(identifier) * width + column
                let sign: Float = sum[column] > 0 ? 1 : (sum[column] < 0 ? -1 : 0)
                result[index] = result[index] * decay - Float(rate) * sign
            }
        }
        return result
    }

    /// Gradients are wider than the table where the last puzzle token is not full.
    @Test(arguments: [(1, 1, 1, 0), (7, 5, 3, 2), (96, 33, 20, 0), (64, 16, 1, 4)])
    func sameBitsAsTheFormula(batch: Int, width: Int, rows: Int, spare: Int) {
        var random = SeededGenerator(seed: UInt64(batch))
        func values(_ count: Int) -> [Float] {
            (0..<count).map { _ in
                // Zeros of both signs, and sums that cancel.
                [0, -0.0, 0.5, -0.5, .random(in: -1...1, using: &random)]
                    .randomElement(using: &random) ?? 0
            }
        }
        let start = values(rows * width)
        let table = Matrix(start, rows: rows, columns: width)
        var wanted = start
        for _ in 0..<3 {
            let identifiers = (0..<batch).map { _ in
                Int32.random(in: 0..<Int32(rows), using: &random)
            }
            let flat = values(batch * (width + spare))
            let gradients = (0..<batch).map { row in
                Array(flat[(row * (width + spare))..<((row + 1) * (width + spare))])
            }
            wanted = expected(
                wanted, width: width, identifiers, gradients, rate: 0.01, weightDecay: 0.1)
            SparseSignSGD(weightDecay: 0.1).update(
                table, identifiers: identifiers,
                gradients: Matrix(flat, rows: batch, columns: width + spare), learningRate: 0.01)
            #expect(table.values.map(\.bitPattern) == wanted.map(\.bitPattern))
        }
    }

    @Test func takesNoMatrices() {
        let table = Matrix(rows: 4, columns: 8)
        let gradients = Matrix(rows: 3, columns: 8)
        let before = Matrix.allocationCount
        SparseSignSGD(weightDecay: 0.1).update(
            table, identifiers: [2, 0, 2], gradients: gradients, learningRate: 0.01)
        #expect(Matrix.allocationCount == before)
    }
}

import HRMTensor
import Testing
import _HRMTestSupport

/// Products with weights in the order of a file, against float64.
@Suite struct StoredWeightTests {
    private let pool = WorkerPool(workers: Workers(count: 1))

    /// Returns a weight and its exact elements.
    private func weight(
        _ outputs: Int, _ inputs: Int, _ format: StoredWeight.Format,
        using generator: inout SeededGenerator
    ) -> (weight: StoredWeight, table: Table) {
        let precision: Precision = format == .bfloat16 ? .bfloat16 : .float32
        let matrix = Matrix(
            generator.values(outputs * inputs), rows: outputs, columns: inputs,
            precision: precision)
        guard format == .int8 else { return (StoredWeight(matrix), Table(matrix)) }
        let rounded = StoredWeight(matrix).quantized(pool: pool)
        return (rounded, Table(read(rounded)))
    }

    /// Returns all rows of a weight.
    private func read(_ weight: StoredWeight) -> Matrix {
        let matrix = Matrix(rows: weight.outputs, columns: weight.inputs)
        for row in 0..<weight.outputs { weight.read(row: row, into: matrix, row: row) }
        return matrix
    }

    @Test(arguments: [StoredWeight.Format.float32, .bfloat16, .int8], Precision.allCases)
    func productsAreRightAtEverySize(_ format: StoredWeight.Format, _ precision: Precision) {
        var generator = SeededGenerator(seed: 1)
        let scratch = Scratch()
        for (outputs, inputs) in [
            (1, 1), (3, 7), (5, 31), (9, 32), (6, 33), (11, 64), (4, 65), (70, 100), (130, 19),
        ] {
            let (weight, w) = weight(outputs, inputs, format, using: &generator)
            for rows in [1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 17, 32, 33, 38] {
                let x = FramedMatrix.input(
                    rows: rows, columns: inputs, precision: precision, using: &generator)
                // Weights are rounded to bfloat16 for products of many rows in that precision.
                let used =
                    rows > StoredWeight.few && precision == .bfloat16
                    ? w.rounded(to: .bfloat16) : w
                var expected = Table(x).timesTransposed(used)
                let name = "\(format) \(precision) [\(rows), \(inputs)] · [\(outputs), \(inputs)]ᵀ"
                let adds = rows.isMultiple(of: 2)
                let y = FramedMatrix(rows: rows, columns: outputs)
                let start = generator.values(rows * outputs)
                y.view.assign(start)
                if adds {
                    for index in start.indices { expected.values[index] += Double(start[index]) }
                }
                let middle = outputs / 2
                for range in [0..<middle, middle..<outputs] {
                    weight.multiply(
                        x, outputs: range, adds: adds, into: y.view, scratch: scratch)
                }
                expectClose(
                    y.view.values.map(Double.init), expected.values,
                    .sum(depth: inputs, stored: .float32), name)
                y.expectIntact(name)
            }
        }
    }

    @Test(arguments: [StoredWeight.Format.float32, .bfloat16, .int8], Precision.allCases)
    func swiGLUIsThatOfTheProducts(_ format: StoredWeight.Format, _ precision: Precision) {
        var generator = SeededGenerator(seed: 2)
        let scratch = Scratch()
        for (inner, inputs) in [(1, 3), (7, 20), (33, 40), (70, 9)] {
            let (weight, w) = weight(2 * inner, inputs, format, using: &generator)
            let x = FramedMatrix.input(
                rows: 35, columns: inputs, precision: precision, using: &generator)
            let both = Table(x).timesTransposed(
                precision == .bfloat16 ? w.rounded(to: .bfloat16) : w)
            let y = FramedMatrix(rows: 35, columns: inner, precision: precision)
            for range in [0..<(inner / 3), (inner / 3)..<inner] {
                weight.multiplySwiGLU(x, columns: range, into: y.view, scratch: scratch)
            }
            let expected = (0..<35).flatMap { row in
                (0..<inner).map {
                    Reference.swiGLU(gate: both[row, $0], up: both[row, inner + $0])
                }
            }
            expectClose(
                y.view.values.map(Double.init), expected,
                Tolerance(absolute: 1e-4, relative: 2 * precision.storageError),
                "\(format) \(precision) \(inner)")
            y.expectIntact("\(inner)")
        }
    }

    @Test func eightBitWeightsAreTheNearest() {
        var generator = SeededGenerator(seed: 3)
        let matrix = Matrix(generator.values(5 * 75), rows: 5, columns: 75)
        matrix.rows(2..<3).clear()
        let rounded = read(StoredWeight(matrix).quantized(pool: pool))
        for row in 0..<5 {
            for column in 0..<75 {
                let group = (column / 32 * 32)..<min(column / 32 * 32 + 32, 75)
                let largest = group.map { abs(matrix[row, $0]) }.max() ?? 0
                // Half a step, which is rounded up to bfloat16.
                let bound = largest / 127 * (1 + 0x1p-7) / 2
                #expect(abs(rounded[row, column] - matrix[row, column]) <= bound * 1.001)
            }
        }
    }

    @Test func stackedWeightsHaveTheRowsOfTheirParts() {
        var generator = SeededGenerator(seed: 4)
        let a = Matrix(generator.values(6), rows: 2, columns: 3, precision: .bfloat16)
        let b = Matrix(generator.values(9), rows: 3, columns: 3)
        let both = StoredWeight.stacked([StoredWeight(a), StoredWeight(b)])
        #expect(both.outputs == 5 && both.format == .float32)
        #expect(read(both).values == a.values + b.values)
    }
}

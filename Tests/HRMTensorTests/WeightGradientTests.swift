import HRMTensor
import Testing
import _HRMTestSupport

/// `gradient += dyᵀ · x`, against float64.
@Suite struct WeightGradientTests {
    @Test(arguments: Precision.allCases)
    func itIsAddedToWhatIsThere(precision: Precision) {
        var generator = SeededGenerator(seed: 21)
        let scratch = Scratch()
        for outputs in oddSizes {
            for inputs in oddSizes {
                for rows in [1, 2, 5, 7, 12, 23] {
                    let name = "\(precision) [\(rows), \(outputs)]ᵀ · [\(rows), \(inputs)]"
                    let dy = FramedMatrix.input(
                        rows: rows, columns: outputs, precision: precision, using: &generator)
                    let x = FramedMatrix.input(
                        rows: rows, columns: inputs, precision: precision, using: &generator)
                    let gradient = FramedMatrix(
                        generator.values(outputs * inputs), rows: outputs, columns: inputs)
                    let expected =
                        Table(gradient.view)
                        + Table(dy).transposed.timesTransposed(Table(x).transposed)
                    Linear.accumulateWeightGradient(
                        dy, x, into: gradient.view, scratch: scratch)
                    expectClose(
                        gradient.view.values.map(Double.init), expected.values,
                        .sum(depth: rows + 1, stored: .float32), name)
                    gradient.expectIntact(name)
                }
            }
        }
    }

    /// The Q head's gradient, with rows that are far apart.
    @Test(arguments: Precision.allCases)
    func stridedRowsAreRead(precision: Precision) {
        var generator = SeededGenerator(seed: 22)
        let dy = FramedMatrix.input(
            rows: 5, columns: 2, precision: precision, step: 7, using: &generator)
        let x = FramedMatrix.input(
            rows: 5, columns: 19, precision: precision, step: 3, using: &generator)
        let gradient = FramedMatrix([Float](repeating: 0, count: 38), rows: 2, columns: 19)
        Linear.accumulateWeightGradient(dy, x, into: gradient.view, scratch: Scratch())
        expectClose(
            gradient.view.values.map(Double.init),
            Table(dy).transposed.timesTransposed(Table(x).transposed).values,
            .sum(depth: 5, stored: .float32), "gradient")
        gradient.expectIntact("gradient")
    }
}

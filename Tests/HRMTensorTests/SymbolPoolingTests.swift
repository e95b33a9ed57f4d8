import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct SymbolPoolingTests {
    @Test(arguments: Precision.allCases, [(1, 1), (3, 2), (2, 7), (9, 16), (9, 32), (4, 33)])
    func everySymbolStandsBesideTheMean(
        precision: Precision, shape: (symbols: Int, width: Int)
    ) {
        var generator = SeededGenerator(seed: 221)
        let ((symbols, width), rows) = (shape, 5)
        let name = "\(precision), \(symbols) symbols of \(width)"
        let x = FramedMatrix.input(
            rows: rows, columns: symbols * width, precision: precision, step: 2, using: &generator)
        let y = FramedMatrix(
            rows: rows * symbols, columns: 2 * width, precision: precision, step: 1)
        SymbolPooling.forward(x, symbols: symbols, into: y.view)
        let input = Table(x)
        var expected = Table(rows: rows * symbols, columns: 2 * width)
        for row in 0..<rows {
            for feature in 0..<width {
                let mean =
                    (0..<symbols).reduce(0) { $0 + input[row, $1 * width + feature] }
                    / Double(symbols)
                for symbol in 0..<symbols {
                    let place = row * symbols + symbol
                    expected[place, feature] = input[row, symbol * width + feature]
                    expected[place, width + feature] = mean
                }
            }
        }
        expectClose(
            y.view.values.map(Double.init), expected.values,
            .sum(depth: symbols, stored: precision), name)
        y.expectIntact(name)
    }

    /// `⟨dy, P x⟩ = ⟨Pᵀ dy, x⟩`, and the addend on top; also where the result takes its place.
    @Test(arguments: Precision.allCases, [(1, 1), (3, 2), (2, 7), (9, 16), (4, 33)])
    func theBackwardIsTheAdjoint(precision: Precision, shape: (symbols: Int, width: Int)) {
        var generator = SeededGenerator(seed: 222)
        let ((symbols, width), rows) = (shape, 4)
        let name = "\(precision), \(symbols) symbols of \(width)"
        let dy = FramedMatrix.input(
            rows: rows * symbols, columns: 2 * width, precision: precision, step: 1,
            using: &generator)
        let addend = FramedMatrix(
            generator.values(rows * symbols * width), rows: rows, columns: symbols * width,
            precision: precision, step: 2)
        let (gradient, plus) = (Table(dy), Table(addend.view))
        var expected = Table(rows: rows, columns: symbols * width)
        for row in 0..<rows {
            for feature in 0..<width {
                let mean =
                    (0..<symbols).reduce(0) {
                        $0 + gradient[row * symbols + $1, width + feature]
                    } / Double(symbols)
                for symbol in 0..<symbols {
                    let column = symbol * width + feature
                    expected[row, column] =
                        plus[row, column] + gradient[row * symbols + symbol, feature] + mean
                }
            }
        }
        SymbolPooling.backward(dy, adding: addend.view, symbols: symbols, into: addend.view)
        expectClose(
            addend.view.values.map(Double.init), expected.values,
            .sum(depth: symbols + 2, stored: precision), name)
        addend.expectIntact(name)
    }

    @Test func anotherShapeTraps() async {
        await #expect(processExitsWith: .failure) {
            SymbolPooling.forward(
                Matrix(rows: 2, columns: 6), symbols: 3, into: Matrix(rows: 6, columns: 2))
        }
        await #expect(processExitsWith: .failure) {
            SymbolPooling.forward(
                Matrix(rows: 2, columns: 7), symbols: 3, into: Matrix(rows: 6, columns: 4))
        }
    }
}

import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct FeaturePoolingTests {
    /// The extents of a pooling of six positions: symbols, features of each, and relations.
    struct Shape: Sendable, CustomTestStringConvertible {
        var symbols: Int
        var width: Int
        var relations: [PositionRelation] = []

        static let positions = 6

        var testDescription: String {
            "\(symbols) symbols of \(width), \(relations.count) relations"
        }
        var pooling: FeaturePooling {
            FeaturePooling(symbols: symbols, positions: Self.positions, relations: relations)
        }
        var rows: Int { Self.positions * symbols }
        /// The width of a row with all means that it reads, in multiples of the row.
        var parts: Int { (symbols > 1 ? 2 : 1) + relations.count }

        /// Returns a layer's input without any sharing: each row concatenated with all means that
        /// it reads.
        func pooled(_ x: Table) -> Table {
            let own = symbols > 1 ? 2 : 1
            var result = Table(rows: rows, columns: parts * width)
            for row in 0..<rows {
                let (position, symbol) = (row / symbols, row % symbols)
                for feature in 0..<width {
                    result[row, feature] = x[row, feature]
                    if symbols > 1 {
                        result[row, width + feature] =
                            (0..<symbols).reduce(0) { $0 + x[position * symbols + $1, feature] }
                            / Double(symbols)
                    }
                    for (index, relation) in relations.enumerated() {
                        let largest = relation.groups.map(\.count).max() ?? 1
                        result[row, (own + index) * width + feature] =
                            relation.groups[relation.group[position]].reduce(0) {
                                $0 + x[$1 * symbols + symbol, feature]
                            } / Double(largest)
                    }
                }
            }
            return result
        }
    }

    /// Six positions in a ring; two classes of different sizes; all positions; and an asymmetric
    /// relation, in which every position reads the first two.
    private static let ring = PositionRelation(
        groups: (0..<6).map { [($0 + 1) % 6, ($0 + 5) % 6] }, group: Array(0..<6))
    private static let classes = PositionRelation(
        groups: [[0, 3], [1, 2, 4, 5]], group: [0, 1, 1, 0, 1, 1])
    private static let all = PositionRelation(
        groups: [[0, 1, 2, 3, 4, 5]], group: [0, 0, 0, 0, 0, 0])
    private static let audience = PositionRelation(groups: [[0, 1]], group: [0, 0, 0, 0, 0, 0])

    static let shapes = [
        Shape(symbols: 1, width: 5, relations: [ring]),
        Shape(symbols: 1, width: 16, relations: [classes, all]),
        Shape(symbols: 3, width: 2),
        Shape(symbols: 2, width: 7, relations: [classes, audience]),
        Shape(symbols: 9, width: 16, relations: [ring, classes, all]),
        Shape(symbols: 4, width: 33, relations: [audience, ring]),
    ]

    /// A layer over a shape's rows and means, with its weight split into the corresponding parts.
    private struct Layer {
        let shape: Shape
        let outputs = 10
        let weight: Matrix

        init(_ shape: Shape, using generator: inout SeededGenerator) {
            self.shape = shape
            weight = FramedMatrix.input(
                rows: outputs, columns: shape.parts * shape.width, using: &generator)
        }

        func part(_ index: Int, of matrix: Matrix) -> Matrix {
            matrix.columns((index * shape.width)..<((index + 1) * shape.width))
        }

        func packed(_ index: Int, _ layout: PackedWeight.Layout = .plain) -> PackedWeight {
            let (from, to) = layout == .transposed ? (outputs, shape.width) : (shape.width, outputs)
            let result = PackedWeight(
                outputs: to, inputs: from, precision: .float32, layout: layout)
            result.pack(part(index, of: weight))
            return result
        }
    }

    private func table(_ pooling: FeaturePooling, columns: Int) -> Matrix {
        FramedMatrix(rows: pooling.meanCount, columns: columns).view
    }

    @Test(arguments: Precision.allCases, shapes)
    func meansAreThoseOfTheRows(precision: Precision, shape: Shape) {
        var generator = SeededGenerator(seed: 221)
        let (pooling, name) = (shape.pooling, "\(precision), \(shape.testDescription)")
        let x = FramedMatrix.input(
            rows: shape.rows, columns: shape.width, precision: precision, step: 2,
            using: &generator)
        let means = FramedMatrix(
            rows: pooling.meanCount, columns: shape.width, precision: precision, step: 2)
        let half = pooling.meanCount / 2
        pooling.takeMeans(of: x, half..<pooling.meanCount, into: means.view)
        pooling.takeMeans(of: x, 0..<half, into: means.view)
        means.expectIntact(name)
        #expect(pooling.kinds.count == shape.parts - 1)
        let pooled = shape.pooled(Table(x))
        let tolerance = Tolerance.sum(depth: max(6, shape.symbols), stored: precision)
        for (kind, rows) in pooling.kinds.enumerated() {
            // Each row reads one mean of each kind, so a table with the means of only this kind
            // equals its sums.
            let alone = FramedMatrix(
                rows: pooling.meanCount, columns: shape.width, precision: precision)
            alone.view.clear()
            alone.view.rows(rows).assign(means.view.rows(rows))
            let seen = FramedMatrix(
                [Float](repeating: 0, count: shape.rows * shape.width), rows: shape.rows,
                columns: shape.width, precision: precision)
            add(pooling.seen(alone.view), to: seen.view)
            expectClose(
                seen.view.values.map(Double.init),
                pooled.columns(((kind + 1) * shape.width)..<((kind + 2) * shape.width)).values,
                tolerance, name)
        }
    }

    /// Adds sums to rows, as the addend of a product with zero.
    private func add(_ sums: RowSums, to rows: Matrix) {
        let nothing = PackedWeight(outputs: rows.columns, inputs: 2, precision: rows.precision)
        nothing.pack(Matrix(rows: rows.columns, columns: 2))
        Linear.forward(
            Matrix(rows: rows.rows, columns: 2, precision: rows.precision), nothing, adding: rows,
            sums: sums, into: rows, scratch: Scratch())
    }

    /// `W₀·x` plus the contributions of its means equals `W·[x | m₁ | …]`.
    @Test(arguments: shapes) func aLayerCutIntoPartsIsTheWholeLayer(shape: Shape) {
        var generator = SeededGenerator(seed: 222)
        let (pooling, layer) = (shape.pooling, Layer(shape, using: &generator))
        let x = FramedMatrix.input(rows: shape.rows, columns: shape.width, using: &generator)
        let means = table(pooling, columns: shape.width)
        let products = table(pooling, columns: layer.outputs)
        pooling.takeMeans(of: x, 0..<pooling.meanCount, into: means)
        for (index, rows) in pooling.kinds.enumerated() {
            Linear.forward(
                means.rows(rows), layer.packed(1 + index), into: products.rows(rows),
                scratch: Scratch())
        }
        let y = FramedMatrix(
            [Float](repeating: 0, count: shape.rows * layer.outputs), rows: shape.rows,
            columns: layer.outputs)
        Linear.forward(
            x, layer.packed(0), adding: y.view, sums: pooling.seen(products), into: y.view,
            scratch: Scratch())
        expectClose(
            y.view.values.map(Double.init),
            shape.pooled(Table(x)).timesTransposed(Table(layer.weight)).values,
            .sum(depth: 2 * shape.parts * shape.width + 6, stored: .float32),
            shape.testDescription)
    }

    /// The gradients of input and weight equal those of the whole layer, `Pᵀ·dy·W` and `dyᵀ·P·x`.
    @Test(arguments: shapes) func gradientsAreThoseOfTheWholeLayer(shape: Shape) {
        var generator = SeededGenerator(seed: 223)
        let (pooling, layer) = (shape.pooling, Layer(shape, using: &generator))
        let (width, name) = (shape.width, shape.testDescription)
        let x = FramedMatrix.input(rows: shape.rows, columns: width, using: &generator)
        let dy = FramedMatrix.input(rows: shape.rows, columns: layer.outputs, using: &generator)
        let sums = table(pooling, columns: width)
        let gradients = table(pooling, columns: layer.outputs)
        let back = table(pooling, columns: width)
        let weightGradient = Matrix(rows: layer.outputs, columns: shape.parts * width)
        pooling.takeSums(of: x, into: sums)
        pooling.takeGradients(of: dy, into: gradients)
        for (index, rows) in pooling.kinds.enumerated() {
            Linear.accumulateWeightGradient(
                gradients.rows(rows), sums.rows(rows),
                into: layer.part(1 + index, of: weightGradient), scratch: Scratch())
            Linear.forward(
                gradients.rows(rows), layer.packed(1 + index, .transposed), into: back.rows(rows),
                scratch: Scratch())
        }
        let dx = FramedMatrix(
            [Float](repeating: 0, count: shape.rows * width), rows: shape.rows, columns: width)
        Linear.forward(
            dy, layer.packed(0, .transposed), adding: dx.view, sums: pooling.members(back),
            into: dx.view, scratch: Scratch())

        let pooled = shape.pooled(Table(x))
        for part in 1..<shape.parts {
            let columns = (part * width)..<((part + 1) * width)
            expectClose(
                layer.part(part, of: weightGradient).values.map(Double.init),
                Table(dy).transposed.timesTransposed(pooled.columns(columns).transposed).values,
                .sum(depth: 4 * shape.rows, stored: .float32), name)
        }
        // The image of a unit vector, times the gradient of the pooled rows. Features are pooled
        // independently, so one unit vector suffices for all of them.
        let dPooled = Table(dy).timesTransposed(Table(layer.weight).transposed)
        var expected = Table(rows: shape.rows, columns: width)
        for row in 0..<shape.rows {
            var unit = Table(rows: shape.rows, columns: width)
            for feature in 0..<width { unit[row, feature] = 1 }
            let image = shape.pooled(unit)
            for (index, value) in image.values.enumerated() {
                expected[row, index % (shape.parts * width) % width] +=
                    value * dPooled.values[index]
            }
        }
        expectClose(
            dx.view.values.map(Double.init), expected.values,
            .sum(depth: 8 * shape.parts * layer.outputs, stored: .float32), name)
    }

    @Test func anotherShapeTraps() async {
        await #expect(processExitsWith: .failure) {
            FeaturePooling(symbols: 3, positions: 2).takeSums(
                of: Matrix(rows: 7, columns: 2), into: Matrix(rows: 2, columns: 2))
        }
        await #expect(processExitsWith: .failure) {
            FeaturePooling(symbols: 3, positions: 2).takeSums(
                of: Matrix(rows: 6, columns: 2), into: Matrix(rows: 3, columns: 2))
        }
        await #expect(processExitsWith: .failure) {
            FeaturePooling(symbols: 3, positions: 2).takeMeans(
                of: Matrix(rows: 6, columns: 2), 0..<3, into: Matrix(rows: 2, columns: 2))
        }
        // Sums for six rows; the last product would begin at the second row.
        await #expect(processExitsWith: .failure) {
            let sums = FeaturePooling(symbols: 3, positions: 2).seen(Matrix(rows: 2, columns: 4))
            Linear.forward(
                Matrix(rows: 6, columns: 2),
                PackedWeight(outputs: 4, inputs: 2, precision: .float32),
                adding: Matrix(rows: 6, columns: 4), sums: sums.from(1),
                into: Matrix(rows: 6, columns: 4), scratch: Scratch())
        }
    }

    @Test func relationsOfOtherPositionsTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = FeaturePooling(
                symbols: 1, positions: 3,
                relations: [PositionRelation(groups: [[0, 1]], group: [0, 0])])
        }
        await #expect(processExitsWith: .failure) {
            _ = FeaturePooling(
                symbols: 1, positions: 2,
                relations: [PositionRelation(groups: [[2]], group: [0, 0])])
        }
    }
}

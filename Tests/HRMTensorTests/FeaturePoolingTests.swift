import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct FeaturePoolingTests {
    /// Extents of a pooling: symbols, features of each, and which positions look at which.
    struct Shape: Sendable, CustomTestStringConvertible {
        var symbols: Int
        var width: Int
        var relations: [PositionRelations.Relation] = []

        var testDescription: String {
            "\(symbols) symbols of \(width), \(relations.count) relations"
        }
        var pooling: FeaturePooling {
            FeaturePooling(symbols: symbols, relations: PositionRelations(relations))
        }
    }

    /// Six positions in a ring; two classes of different size; everybody.
    private static let ring = PositionRelations.Relation(
        groups: (0..<6).map { [($0 + 1) % 6, ($0 + 5) % 6] }, group: Array(0..<6))
    private static let classes = PositionRelations.Relation(classes: [0, 1, 1, 0, 1, 1])
    private static let all = PositionRelations.Relation(classes: [0, 0, 0, 0, 0, 0])

    static let shapes = [
        Shape(symbols: 1, width: 5, relations: [ring]),
        Shape(symbols: 1, width: 16, relations: [classes, all]),
        Shape(symbols: 3, width: 2),
        Shape(symbols: 2, width: 7, relations: [classes]),
        Shape(symbols: 9, width: 16, relations: [ring, classes, all]),
        Shape(symbols: 4, width: 33, relations: [all, ring]),
    ]

    /// What position `p` has to do with position `q` in a relation: `1 / largest group`, or 0.
    private static func share(_ relation: PositionRelations.Relation, _ p: Int, _ q: Int) -> Double
    {
        relation.groups[relation.group[p]].contains(q)
            ? 1 / Double(relation.groups.map(\.count).max() ?? 1) : 0
    }

    /// The matrix that the pooling of one sequence is, `[T·C·parts·d, T·C·d]`, applied to `x`.
    private static func pooled(_ x: Table, _ shape: Shape, sequences: Int) -> Table {
        let (symbols, width) = (shape.symbols, shape.width)
        let own = symbols > 1 ? 2 : 1
        var result = Table(rows: x.rows, columns: (own + shape.relations.count) * width)
        let positions = x.rows / symbols / sequences
        for row in 0..<x.rows {
            let (place, symbol) = (row / symbols, row % symbols)
            let (first, position) = (place / positions * positions, place % positions)
            for feature in 0..<width {
                result[row, feature] = x[row, feature]
                if symbols > 1 {
                    result[row, width + feature] =
                        (0..<symbols).reduce(0) { $0 + x[place * symbols + $1, feature] }
                        / Double(symbols)
                }
                for (index, relation) in shape.relations.enumerated() {
                    result[row, (own + index) * width + feature] =
                        (0..<positions).reduce(0) {
                            $0 + share(relation, position, $1)
                                * x[(first + $1) * symbols + symbol, feature]
                        }
                }
            }
        }
        return result
    }

    @Test(arguments: Precision.allCases, shapes)
    func featuresStandBesideTheirMeans(precision: Precision, shape: Shape) {
        var generator = SeededGenerator(seed: 221)
        let (sequences, parts) = (2, shape.pooling.parts)
        let rows = sequences * 6 * shape.symbols
        let name = "\(precision), \(shape.testDescription)"
        let x = FramedMatrix.input(
            rows: rows, columns: shape.width, precision: precision, step: 2, using: &generator)
        let y = FramedMatrix(
            rows: rows, columns: parts * shape.width, precision: precision, step: 1)
        shape.pooling.forward(
            x, means: shape.pooling.means(width: shape.width), into: y.view,
            team: Team(workers: Workers(count: 2)))
        let expected = Self.pooled(Table(x), shape, sequences: sequences)
        expectClose(
            y.view.values.map(Double.init), expected.values,
            .sum(depth: max(6, shape.symbols), stored: precision), name)
        y.expectIntact(name)
    }

    /// `⟨dy, P x⟩ = ⟨Pᵀ dy, x⟩` for every unit vector `x`, and the addend on top; also where the result
    /// takes the addend's place.
    @Test(arguments: Precision.allCases, shapes)
    func theBackwardIsTheAdjoint(precision: Precision, shape: Shape) {
        var generator = SeededGenerator(seed: 222)
        let (width, parts) = (shape.width, shape.pooling.parts)
        let rows = 6 * shape.symbols
        let name = "\(precision), \(shape.testDescription)"
        let dy = FramedMatrix.input(
            rows: rows, columns: parts * width, precision: precision, step: 1, using: &generator)
        let addend = FramedMatrix(
            generator.values(rows * width), rows: rows, columns: width, precision: precision,
            step: 2)
        let (gradient, plus) = (Table(dy), Table(addend.view))
        var expected = plus
        for row in 0..<rows {
            // No feature meets another one, so that one unit vector serves them all.
            var unit = Table(rows: rows, columns: width)
            for feature in 0..<width { unit[row, feature] = 1 }
            let image = Self.pooled(unit, shape, sequences: 1)
            for (index, value) in image.values.enumerated() {
                expected[row, index % (parts * width) % width] += value * gradient.values[index]
            }
        }
        shape.pooling.backward(
            dy, adding: addend.view, means: shape.pooling.means(width: width),
            into: addend.view, team: Team(workers: Workers(count: 2)))
        expectClose(
            addend.view.values.map(Double.init), expected.values,
            .sum(depth: 6 * parts + shape.symbols, stored: precision), name)
        addend.expectIntact(name)
    }

    @Test func anotherShapeTraps() async {
        await #expect(processExitsWith: .failure) {
            FeaturePooling(symbols: 3).forward(
                Matrix(rows: 6, columns: 2), means: nil, into: Matrix(rows: 6, columns: 2),
                team: Team())
        }
        await #expect(processExitsWith: .failure) {
            FeaturePooling(symbols: 3).forward(
                Matrix(rows: 7, columns: 2), means: nil, into: Matrix(rows: 7, columns: 4),
                team: Team())
        }
        // Four positions are no whole sequence of six.
        await #expect(processExitsWith: .failure) {
            let pooling = FeaturePooling(
                symbols: 1, relations: PositionRelations([.init(classes: [0, 0, 0, 0, 0, 0])]))
            pooling.forward(
                Matrix(rows: 4, columns: 2), means: pooling.means(width: 2),
                into: Matrix(rows: 4, columns: 4), team: Team())
        }
    }

    @Test func whoIsNotLookedBackAtTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = PositionRelations([.init(groups: [[1], [1]], group: [0, 1])])
        }
    }
}

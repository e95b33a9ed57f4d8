import Foundation
import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct RotaryEmbeddingTests {
    @Test(arguments: [(1, 2), (7, 6), (40, 34), (82, 64)])
    func theTablesHoldTheAnglesOfEachPosition(positions: Int, headSize: Int) throws {
        for theta in [10000.0, 17.5] {
            let heads = RotaryEmbedding(
                positions: positions, headCount: 3, headSize: headSize, theta: theta)
            let tables = try #require(heads.tables)
            for table in [tables.cosines, tables.sines] {
                #expect(table.rows == positions && table.columns == headSize / 2)
            }
            for position in 0..<positions {
                for i in 0..<(headSize / 2) {
                    let angle =
                        Double(position) * pow(theta, -2 * Double(i) / Double(headSize))
                    // Rounding the exponent changes the power in proportion to its logarithm; the
                    // power, its inverse, the angle and the function are rounded as well.
                    let logarithm = 2 * Double(i) / Double(headSize) * log(theta)
                    let tolerance = Tolerance(
                        absolute: (3 + logarithm) * roundoff * angle + roundoff)
                    let name = "position \(position), pair \(i)"
                    expectClose(
                        Double(tables.cosines[position, i]), cos(angle), tolerance, "cos, \(name)")
                    expectClose(
                        Double(tables.sines[position, i]), sin(angle), tolerance, "sin, \(name)")
                }
            }
        }
    }

    /// Tables of PyTorch 2.13: `inverse = 1 / theta ** (arange(0, d, 2, dtype=float32) / d)`, then
    /// `cos(outer(arange(n), inverse))` and the sine, all in float32.
    @Test(
        arguments: [
            (
                1000.0, 8, 80, [-0.110387243, -0.0889507309, -0.818632603, 0.900502324],
                [-0.993888676, 0.996035993, 0.574317575, 0.434851229]
            ),
            (
                500000.0, 10, 63,
                [0.985896587, -0.145756319, 0.945736527, 0.999712348, 0.99999851],
                [0.167355701, -0.989320517, 0.324934542, 0.0239837319, 0.00173845817]
            ),
            (
                500000.0, 10, 899,
                [0.875415742, -0.685314119, 0.0101078339, 0.941992939, 0.999692321],
                [0.483370721, 0.728247583, -0.999948919, 0.335632771, 0.0248049907]
            ),
            (
                10000.0, 32, 899,
                [
                    0.875415742, -0.968526185, 0.0253751017, -0.938028097, -0.356585801,
                    0.958529651,
                    -0.988081694, -0.961394846, -0.906963468, 0.336369932, -0.955718458,
                    -0.027873287,
                    0.622392952, 0.874910772, 0.959861398, 0.987248421,
                ],
                [
                    0.483370721, 0.248911664, 0.999678016, 0.346559227, 0.934262574, 0.284992933,
                    -0.153930441, -0.275172591, 0.421209246, -0.941729963, 0.294282585, 0.999611437,
                    0.782704949, 0.484284192, 0.280474871, 0.159187213,
                ]
            ),
        ] as [(Double, Int, Int, [Double], [Double])])
    func theTablesAreThoseOfTheReference(
        _ theta: Double, _ headSize: Int, _ position: Int, _ cosines: [Double], _ sines: [Double]
    ) throws {
        let heads = RotaryEmbedding(
            positions: 900, headCount: 1, headSize: headSize, theta: theta)
        let tables = try #require(heads.tables)
        let row = position..<(position + 1)
        for (table, expected) in [(tables.cosines, cosines), (tables.sines, sines)] {
            expectClose(
                table.rows(row).values.map(Double.init), expected, Tolerance(absolute: 1.2e-7),
                "theta \(theta), position \(position)")
        }
    }

    @Test func learnedPositionsHaveNoTables() {
        #expect(
            RotaryEmbedding(positions: 3, headCount: 1, headSize: 5, theta: nil).tables == nil)
    }
}

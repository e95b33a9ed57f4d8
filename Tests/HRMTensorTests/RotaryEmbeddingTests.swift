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
                    // The angle is made of two float32 roundings, and its functions of a third.
                    let tolerance = Tolerance(absolute: 2 * roundoff * angle + roundoff)
                    let name = "position \(position), pair \(i)"
                    expectClose(
                        Double(tables.cosines[position, i]), cos(angle), tolerance, "cos, \(name)")
                    expectClose(
                        Double(tables.sines[position, i]), sin(angle), tolerance, "sin, \(name)")
                }
            }
        }
    }

    @Test func learnedPositionsHaveNoTables() {
        #expect(
            RotaryEmbedding(positions: 3, headCount: 1, headSize: 5, theta: nil).tables == nil)
    }
}

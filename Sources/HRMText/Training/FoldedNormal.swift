import Foundation
import HRMTensor

/// Normal numbers folded by the remainder at ±3, of the standard deviation 1 after correction.
enum FoldedNormal {
    /// The factor that makes up for the folded tails.
    private static let correction = 1.01476

    /// Fills a float32 matrix.
    static func fill(
        _ matrix: Matrix, standardDeviation: Double, using generator: inout SeededGenerator
    ) {
        let scale = correction * standardDeviation
        for row in 0..<matrix.rows {
            var values: [Float] = []
            values.reserveCapacity(matrix.columns)
            for _ in 0..<matrix.columns {
                // Box and Muller's transformation.
                let radius = (-2 * log(1 - generator.nextUnitDouble())).squareRoot()
                let normal = radius * cos(2 * Double.pi * generator.nextUnitDouble())
                values.append(Float(normal.truncatingRemainder(dividingBy: 3) * scale))
            }
            matrix.rows(row..<(row + 1)).assign(values)
        }
    }
}

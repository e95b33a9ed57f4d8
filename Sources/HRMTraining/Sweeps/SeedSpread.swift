/// Summary statistics of one experiment over several seeds.
package struct SeedSpread: Sendable, Hashable {
    /// The number of values.
    package let count: Int
    /// The mean.
    package let mean: Double
    /// The sample standard deviation, with divisor `count − 1`; nil for a single value.
    package let deviation: Double?
    /// The smallest.
    package let lowest: Double
    /// The largest.
    package let highest: Double

    /// Computes the statistics of some values; nil if there are none.
    package init?(_ values: [Double]) {
        guard let lowest = values.min(), let highest = values.max() else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        count = values.count
        self.mean = mean
        self.lowest = lowest
        self.highest = highest
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        deviation =
            values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
    }
}

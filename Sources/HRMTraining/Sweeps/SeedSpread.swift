/// What several seeds of one experiment came to.
public struct SeedSpread: Sendable, Hashable {
    /// How many there are.
    public let count: Int
    /// Their mean.
    public let mean: Double
    /// Their standard deviation, by `count − 1`; nil for a single one.
    public let deviation: Double?
    /// The smallest.
    public let lowest: Double
    /// The largest.
    public let highest: Double

    /// The spread of some values; nil when there is none.
    public init?(_ values: [Double]) {
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

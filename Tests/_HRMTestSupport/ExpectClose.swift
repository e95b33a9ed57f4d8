public import Testing

/// The permitted difference from the expected value: `absolute + relative · |expected|`.
public struct Tolerance: Sendable, CustomStringConvertible {
    /// The absolute part, in the units of the value.
    public var absolute: Double
    /// The relative part, as a share of the expected value's magnitude.
    public var relative: Double

    /// Creates a tolerance.
    public init(absolute: Double = 0, relative: Double = 0) {
        self.absolute = absolute
        self.relative = relative
    }

    /// Returns a share of the largest magnitude among the expected values: for gradients, whose
    /// small elements are sums of large ones.
    public static func ofMaximum(_ expected: [Float], _ share: Double) -> Tolerance {
        Tolerance(absolute: share * Double(expected.map(abs).max() ?? 0))
    }

    /// Both parts in one text.
    public var description: String { "\(absolute) + \(relative) · |expected|" }
}

/// Expects two arrays to have the same length and close elements; the failure names the worst one.
public func expectClose(
    _ actual: [Float], _ expected: [Float], _ tolerance: Tolerance, _ name: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expectClose(
        actual.map(Double.init), expected.map(Double.init), tolerance, name,
        sourceLocation: sourceLocation)
}

/// Expects two arrays to have the same length and close elements; the failure names the worst one.
public func expectClose(
    _ actual: [Double], _ expected: [Double], _ tolerance: Tolerance, _ name: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.count == expected.count else {
        Issue.record(
            "\(name): \(actual.count) values, expected \(expected.count)",
            sourceLocation: sourceLocation)
        return
    }
    var worst = (index: -1, excess: 0.0)
    for (index, (a, e)) in zip(actual, expected).enumerated() where a != e {
        let excess = abs(a - e) - (tolerance.absolute + tolerance.relative * abs(e))
        // Written so that a NaN counts as an excess.
        if !(excess <= 0), worst.index < 0 || excess > worst.excess { worst = (index, excess) }
    }
    if worst.index >= 0 {
        let index = worst.index
        Issue.record(
            """
            \(name)[\(index)] is \(actual[index]), expected \(expected[index]); \
            allowed is \(tolerance)
            """,
            sourceLocation: sourceLocation)
    }
}

/// Expects two numbers to be close.
public func expectClose(
    _ actual: Double, _ expected: Double, _ tolerance: Tolerance, _ name: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expectClose([actual], [expected], tolerance, name, sourceLocation: sourceLocation)
}

import HRMTensor

/// The factors with which values are added along an axis.
struct AxisFactors {
    /// Factors with their distances along the axes of a tensor; see `AxisLinks.Link`.
    struct Table {
        var values: Matrix
        /// The distance between factors along an axis; 0 for the axes that are not here.
        var strides: [Axis: Int]
    }

    private let tables: [Table]
    private let choose: @Sendable (AxisSet, Axis) -> Int

    /// Returns the factors for an axis of a tensor.
    func table(_ kind: AxisSet, _ axis: Axis) -> Table { tables[choose(kind, axis)] }

    private static func constant(_ value: Float) -> Table {
        Table(values: Matrix([value], rows: 1, columns: 1), strides: [:])
    }

    /// Factors 1, for sums.
    static let ones = AxisFactors(tables: [constant(1)], choose: { _, _ in 0 })

    /// The factors of plain means over an axis.
    static func means(_ layout: MultitensorLayout) -> AxisFactors {
        AxisFactors(
            tables: Axis.allCases.map { constant(1 / Float(layout.length($0))) },
            choose: { $1.rawValue })
    }

    /// The factors of means over the rows and columns of grids, plain means over other axes.
    ///
    /// They are `U / (Σ U + 1e−4)`, where `U` is 1 in the union of an example's grids. A tensor
    /// without columns uses the first column of `U`, one without rows its first row.
    ///
    /// - Parameters:
    ///   - layout: The extents.
    ///   - union: `U`, shape `[examples, rows, columns]`.
    /// - Returns: The factors.
    static func maskedMeans(_ layout: MultitensorLayout, union: [Float]) -> AxisFactors {
        let (rows, columns) = (layout.length(.row), layout.length(.column))
        func shares(ofLines length: Int, at position: (Int, Int, Int) -> Int, lines: Int) -> [Float]
        {
            var shares = [Float](repeating: 0, count: union.count)
            for example in 0..<layout.length(.example) {
                for line in 0..<lines {
                    let total = (0..<length).reduce(0) { $0 + union[position(example, line, $1)] }
                    for step in 0..<length {
                        let place = position(example, line, step)
                        shares[place] = union[place] / (total + 1e-4)
                    }
                }
            }
            return shares
        }
        let overRows = shares(
            ofLines: rows, at: { ($0 * rows + $2) * columns + $1 }, lines: columns)
        let overColumns = shares(
            ofLines: columns, at: { ($0 * rows + $1) * columns + $2 }, lines: rows)
        let everywhere: [Axis: Int] = [.example: rows * columns, .row: columns, .column: 1]
        func table(_ values: [Float], without axis: Axis?) -> Table {
            var strides = everywhere
            if let axis { strides[axis] = nil }
            return Table(
                values: Matrix(values, rows: values.count, columns: 1), strides: strides)
        }
        let plain = means(layout).tables
        return AxisFactors(
            tables: plain + [
                table(overRows, without: nil), table(overRows, without: .column),
                table(overColumns, without: nil), table(overColumns, without: .row),
            ],
            choose: { kind, axis in
                switch axis {
                case .row: plain.count + (kind.contains(.column) ? 0 : 1)
                case .column: plain.count + (kind.contains(.row) ? 2 : 3)
                default: axis.rawValue
                }
            })
    }
}

import HRMTensor
import Testing
import _HRMTestSupport

/// A view into a larger matrix whose other elements hold a marker, so that a primitive which writes
/// past an edge, or lets what lies there into its result, is found out.
///
/// The view begins at an odd place in memory and has gaps between its rows.
struct FramedMatrix {
    let owner: Matrix
    let view: Matrix
    private let filler: Float
    private let step: Int
    private let margin: Int

    private static let rowMargin = 2
    /// Exact in both precisions.
    private static let marker: Float = 4096

    /// A view with every `step`-th row of its owner.
    ///
    /// A column margin of 0 is for what has to lie in memory without gaps.
    init(
        _ values: [Float]? = nil, rows: Int, columns: Int, precision: Precision = .float32,
        step: Int = 1, columnMargin: Int = 3, filler: Float = FramedMatrix.marker
    ) {
        owner = Matrix(
            rows: rows * step + 2 * Self.rowMargin, columns: columns + 2 * columnMargin,
            precision: precision)
        owner.assign([Float](repeating: filler, count: owner.rows * owner.columns))
        view = owner.rows(Self.rowMargin..<(Self.rowMargin + rows * step))
            .columns(columnMargin..<(columnMargin + columns)).rows(every: step)
        self.filler = filler
        self.step = step
        margin = columnMargin
        if let values { view.assign(values) }
    }

    /// What a primitive reads: random elements in `−scale ..< scale`, among numbers that are none.
    static func input(
        rows: Int, columns: Int, precision: Precision = .float32, step: Int = 1, scale: Float = 1,
        using generator: inout SeededGenerator
    ) -> Matrix {
        input(
            generator.values(rows * columns, scale: scale), rows: rows, columns: columns,
            precision: precision, step: step)
    }

    /// What a primitive reads, with given elements, among numbers that are none.
    static func input(
        _ values: [Float], rows: Int, columns: Int, precision: Precision = .float32, step: Int = 1
    ) -> Matrix {
        FramedMatrix(
            values, rows: rows, columns: columns, precision: precision, step: step, filler: .nan
        ).view
    }

    /// Expects that nobody wrote outside of the view.
    func expectIntact(
        _ name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let values = owner.values
        for row in 0..<owner.rows {
            let fromFirst = row - Self.rowMargin
            let isViewed =
                fromFirst >= 0 && fromFirst < view.rows * step && fromFirst.isMultiple(of: step)
            for column in 0..<owner.columns {
                if isViewed, column >= margin, column < margin + view.columns { continue }
                let value = values[row * owner.columns + column]
                if value != filler {
                    Issue.record(
                        "\(name): \(value) was written outside, at (\(row), \(column))",
                        sourceLocation: sourceLocation)
                    return
                }
            }
        }
    }
}

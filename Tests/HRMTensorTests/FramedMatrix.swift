import HRMTensor
import Testing
import _HRMTestSupport

/// A view into a larger matrix whose other elements contain a marker, so that a test detects a
/// primitive that writes beyond an edge or uses elements from there.
///
/// The view begins at an unaligned position and has gaps between its rows.
struct FramedMatrix {
    let owner: Matrix
    let view: Matrix
    private let filler: Float
    private let step: Int
    private let margin: Int

    private static let rowMargin = 2
    /// The marker is exact in both precisions.
    private static let marker: Float = 4096

    /// Creates a view of every `step`-th row of its owner.
    ///
    /// A column margin of 0 is for matrices that must not have gaps.
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

    /// Returns an input: random elements in `−scale ..< scale`, surrounded by NaN.
    static func input(
        rows: Int, columns: Int, precision: Precision = .float32, step: Int = 1, scale: Float = 1,
        using generator: inout SeededGenerator
    ) -> Matrix {
        input(
            generator.values(rows * columns, scale: scale), rows: rows, columns: columns,
            precision: precision, step: step)
    }

    /// Returns an input with given elements, surrounded by NaN.
    static func input(
        _ values: [Float], rows: Int, columns: Int, precision: Precision = .float32, step: Int = 1
    ) -> Matrix {
        FramedMatrix(
            values, rows: rows, columns: columns, precision: precision, step: step, filler: .nan
        ).view
    }

    /// Expects that no element outside the view was written.
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

/// A small matrix in float64, computed with in the plainest way: what fast code is compared with.
public struct PlainMatrix: Sendable {
    /// Number of rows.
    public let rows: Int
    /// Elements in a row.
    public let columns: Int
    /// Row-major.
    public var values: [Double]

    /// A matrix of the given values, row-major.
    public init(_ values: [Double], rows: Int, columns: Int) {
        precondition(values.count == rows * columns, "\(values.count) for [\(rows), \(columns)]")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// One element.
    public subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

    /// Rows and columns exchanged.
    public var transposed: PlainMatrix {
        PlainMatrix(
            (0..<columns).flatMap { column in (0..<rows).map { self[$0, column] } },
            rows: columns, columns: rows)
    }

    /// Root of the sum of squares.
    public var norm: Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// Each element times a factor.
    public func scaled(by factor: Double) -> PlainMatrix {
        PlainMatrix(values.map { factor * $0 }, rows: rows, columns: columns)
    }

    /// The sum of two matrices of one shape.
    public func adding(_ other: PlainMatrix) -> PlainMatrix {
        PlainMatrix(zip(values, other.values).map { $0 + $1 }, rows: rows, columns: columns)
    }

    /// The matrix product.
    public func times(_ other: PlainMatrix) -> PlainMatrix {
        precondition(columns == other.rows, "\(columns) columns times \(other.rows) rows")
        var product = [Double](repeating: 0, count: rows * other.columns)
        for row in 0..<rows {
            for inner in 0..<columns {
                for column in 0..<other.columns {
                    product[row * other.columns + column] += self[row, inner] * other[inner, column]
                }
            }
        }
        return PlainMatrix(product, rows: rows, columns: other.columns)
    }

    /// Muon's Newton–Schulz iteration, written down as `X ← aX + b(XXᵀ)X + c(XXᵀ)²X`.
    public func orthogonalized(iterations: Int) -> PlainMatrix {
        if rows > columns { return transposed.orthogonalized(iterations: iterations).transposed }
        var x = scaled(by: 1 / norm)
        for _ in 0..<iterations {
            let gram = x.times(x.transposed)
            let third = gram.times(x)
            x = x.scaled(by: 3.4445).adding(third.scaled(by: -4.7750))
                .adding(gram.times(third).scaled(by: 2.0315))
        }
        return x
    }
}

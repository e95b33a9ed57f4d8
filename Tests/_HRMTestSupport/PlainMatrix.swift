/// A small matrix in float64, computed with in the plainest way: what fast code is compared with.
public struct PlainMatrix: Sendable, Equatable {
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
        var result = PlainMatrix(0, rows: columns, columns: rows)
        for row in 0..<rows {
            for column in 0..<columns {
                result.values[column * rows + row] = values[row * columns + column]
            }
        }
        return result
    }

    /// Root of the sum of squares.
    public var norm: Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// Each element times a factor.
    public func scaled(by factor: Double) -> PlainMatrix {
        mapping { factor * $0 }
    }

    /// The sum of two matrices of one shape.
    public func adding(_ other: PlainMatrix) -> PlainMatrix { combining(other) { $0 + $1 } }

    /// A matrix of equal elements.
    public init(_ value: Double, rows: Int, columns: Int) {
        self.init(
            [Double](repeating: value, count: rows * columns), rows: rows, columns: columns)
    }

    /// Each element times that of another matrix of the same shape.
    public func timesElements(of other: PlainMatrix) -> PlainMatrix {
        combining(other) { $0 * $1 }
    }

    /// A function of each element.
    ///
    /// Here and below, loops over indices take a small part of the time that `map` and `zip` take
    /// without optimization.
    public func mapping(_ function: (Double) -> Double) -> PlainMatrix {
        var result = self
        for index in 0..<values.count { result.values[index] = function(values[index]) }
        return result
    }

    /// A function of each element and that of another matrix of the same shape.
    private func combining(
        _ other: PlainMatrix, _ function: (Double, Double) -> Double
    ) -> PlainMatrix {
        precondition(
            rows == other.rows && columns == other.columns,
            "[\(rows), \(columns)] and [\(other.rows), \(other.columns)]")
        var result = self
        for index in 0..<values.count {
            result.values[index] = function(values[index], other.values[index])
        }
        return result
    }

    /// The matrix product.
    public func times(_ other: PlainMatrix) -> PlainMatrix { timesTransposed(other.transposed) }

    /// The product with the transpose of another matrix, as in a linear layer with that weight.
    public func timesTransposed(_ other: PlainMatrix) -> PlainMatrix {
        precondition(columns == other.columns, "\(columns) columns times \(other.columns)")
        var product = [Double](repeating: 0, count: rows * other.rows)
        // Four terms at a time by way of pointers: this loop takes most of a test's time.
        values.withUnsafeBufferPointer { left in
            other.values.withUnsafeBufferPointer { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return }
                for row in 0..<rows {
                    for column in 0..<other.rows {
                        product[row * other.rows + column] = Self.dot(
                            left + row * columns, right + column * columns, count: columns)
                    }
                }
            }
        }
        return PlainMatrix(product, rows: rows, columns: other.rows)
    }

    private static func dot(
        _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int
    ) -> Double {
        var sum = 0.0
        var index = 0
        while index &+ 4 <= count {
            let (p, q) = (a + index, b + index)
            sum += p[0] * q[0] + p[1] * q[1] + p[2] * q[2] + p[3] * q[3]
            index &+= 4
        }
        while index < count {
            sum += a[index] * b[index]
            index &+= 1
        }
        return sum
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

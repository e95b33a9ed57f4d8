/// A small float64 matrix with the plainest arithmetic, as a reference for fast code.
public struct PlainMatrix: Sendable, Equatable {
    /// The number of rows.
    public let rows: Int
    /// The number of elements in a row.
    public let columns: Int
    /// The elements, row-major.
    public var values: [Double]

    /// Creates a matrix of the given values, row-major.
    public init(_ values: [Double], rows: Int, columns: Int) {
        precondition(values.count == rows * columns, "\(values.count) for [\(rows), \(columns)]")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// The element at a position.
    public subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

    /// The transposed matrix.
    public var transposed: PlainMatrix {
        var result = PlainMatrix(0, rows: columns, columns: rows)
        for row in 0..<rows {
            for column in 0..<columns {
                result.values[column * rows + row] = values[row * columns + column]
            }
        }
        return result
    }

    /// The Frobenius norm.
    public var norm: Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// Returns the matrix multiplied by a factor.
    public func scaled(by factor: Double) -> PlainMatrix {
        mapping { factor * $0 }
    }

    /// Returns the sum of two matrices of the same shape.
    public func adding(_ other: PlainMatrix) -> PlainMatrix { combining(other) { $0 + $1 } }

    /// Creates a matrix of equal elements.
    public init(_ value: Double, rows: Int, columns: Int) {
        self.init(
            [Double](repeating: value, count: rows * columns), rows: rows, columns: columns)
    }

    /// Returns the elementwise product with a matrix of the same shape.
    public func timesElements(of other: PlainMatrix) -> PlainMatrix {
        combining(other) { $0 * $1 }
    }

    /// Returns the matrix with a function applied to each element.
    ///
    /// Here and below, loops over indices take a small fraction of the time of `map` and `zip`
    /// without optimization.
    public func mapping(_ function: (Double) -> Double) -> PlainMatrix {
        var result = self
        for index in 0..<values.count { result.values[index] = function(values[index]) }
        return result
    }

    /// Returns a function of each element and that of another matrix of the same shape.
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

    /// Returns the matrix product.
    public func times(_ other: PlainMatrix) -> PlainMatrix { timesTransposed(other.transposed) }

    /// Returns the product with the transpose of another matrix, as in a linear layer with that
    /// weight.
    public func timesTransposed(_ other: PlainMatrix) -> PlainMatrix {
        precondition(columns == other.columns, "\(columns) columns times \(other.columns)")
        var product = [Double](repeating: 0, count: rows * other.rows)
        // Four terms at a time through pointers: this loop takes most of a test's time.
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

import HRMTensor

/// Rows of float64 numbers, for the plain reference implementations.
struct Table {
    let rows: Int
    let columns: Int
    var values: [Double]

    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        values = Array(repeating: 0, count: rows * columns)
    }

    /// Copies the elements as the matrix stores them, including rounding.
    init(_ matrix: Matrix) {
        rows = matrix.rows
        columns = matrix.columns
        values = matrix.values.map(Double.init)
    }

    subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    /// `self · otherᵀ`.
    func timesTransposed(_ other: Table) -> Table {
        var result = Table(rows: rows, columns: other.rows)
        for i in 0..<rows {
            for j in 0..<other.rows {
                var sum = 0.0
                for k in 0..<columns {
                    sum += values[i * columns + k] * other.values[j * columns + k]
                }
                result[i, j] = sum
            }
        }
        return result
    }

    var transposed: Table {
        var result = Table(rows: columns, columns: rows)
        for i in 0..<rows {
            for j in 0..<columns { result[j, i] = self[i, j] }
        }
        return result
    }

    func columns(_ range: Range<Int>) -> Table {
        var result = Table(rows: rows, columns: range.count)
        for i in 0..<rows {
            for j in range { result[i, j - range.lowerBound] = self[i, j] }
        }
        return result
    }

    func row(_ index: Int) -> [Double] {
        Array(values[(index * columns)..<((index + 1) * columns)])
    }

    static func + (a: Table, b: Table) -> Table {
        var result = a
        for index in result.values.indices { result.values[index] += b.values[index] }
        return result
    }

    /// Returns the elements rounded as in a matrix of that precision.
    func rounded(to precision: Precision) -> Table {
        var result = self
        result.values = values.map { Double(precision.rounded(Float($0))) }
        return result
    }
}

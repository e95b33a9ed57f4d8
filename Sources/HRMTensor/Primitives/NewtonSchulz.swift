/// Approximate orthogonalization of a matrix: its singular values become about 1, its singular
/// vectors stay.
///
/// Let `X` be the matrix, divided by its Frobenius norm and transposed if it has more rows than
/// columns. Each iteration is
/// ```
/// A ← X·Xᵀ;  X ← (a·I + b·A + c·A²)·X
/// ```
/// It maps each singular value `s` to `a·s + b·s³ + c·s⁵`. The coefficients are those of
/// [Jordan, 2024](https://kellerjordan.github.io/posts/muon/): the slope `a` at 0 is as large as
/// possible under the condition that all but tiny singular values lie between 0.68 and 1.14 after
/// five iterations. They do not converge to 1, which an optimizer step does not need.
///
/// The products are computed in float32, independent of the model's precision. With `s` the shorter
/// and `l` the longer side, an iteration takes `2 · s² · (2·l + s)` operations.
package struct NewtonSchulz: Sendable {
    /// `a`, `b` and `c`.
    package static let coefficients: (a: Float, b: Float, c: Float) = (3.4445, -4.7750, 2.0315)

    /// The number of rows of the matrices.
    package let rows: Int
    /// The number of columns of the matrices.
    package let columns: Int

    /// `X` and its next iterate, `[shorter, longer]`.
    private let states: (Matrix, Matrix)
    /// `A`, `[shorter, shorter]`.
    private let gram: Matrix
    /// `A²`, then the polynomial.
    private let polynomial: Matrix
    private let packedRows: PackedWeight
    private let packedColumns: PackedWeight
    private let packedGram: PackedWeight

    /// Allocates memory for matrices of one shape.
    package init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        let (short, long) = (min(rows, columns), max(rows, columns))
        func memory(_ columns: Int) -> Matrix {
            .activations(rows: short, columns: columns, precision: .float32)
        }
        states = (memory(long), memory(long))
        gram = memory(short)
        polynomial = memory(short)
        packedRows = PackedWeight(outputs: short, inputs: long, precision: .float32)
        packedColumns = PackedWeight(
            outputs: long, inputs: short, precision: .float32, layout: .transposed)
        packedGram = PackedWeight(outputs: short, inputs: short, precision: .float32)
    }

    /// Replaces a matrix by its approximate orthogonalization; a zero matrix is unchanged.
    ///
    /// - Parameters:
    ///   - matrix: `[rows, columns]`, float32, without gaps between its rows; replaced.
    ///   - iterations: The number of iterations.
    ///   - scratch: The worker's scratch memory.
    package func orthogonalize(_ matrix: Matrix, iterations: Int, scratch: Scratch) {
        matrix.require("the matrix", rows: rows, columns: columns, .float32)
        let isTransposed = rows > columns
        var (x, next) = states
        if isTransposed { Transposition.of(matrix, into: x) } else { x.assign(matrix) }
        let norm = matrix.withValues { values in
            var squares = 0.0
            for index in values.indices { squares += Double(values[index]) * Double(values[index]) }
            return squares.squareRoot()
        }
        // For smaller norms the quotient overflows float32, and there is no meaningful direction.
        let inverse = norm > 1e-30 ? Float(1 / norm) : 0
        ScaledSum.update(x, scale: inverse, adding: x, times: 0)
        for _ in 0..<iterations {
            advance(x, into: next, scratch: scratch)
            (x, next) = (next, x)
        }
        if isTransposed { Transposition.of(x, into: matrix) } else { matrix.assign(x) }
    }

    private func advance(_ x: Matrix, into next: Matrix, scratch: Scratch) {
        let (a, b, c) = Self.coefficients
        packedRows.pack(x)
        Linear.forward(x, packedRows, into: gram, scratch: scratch)
        // A is symmetric, so A·Aᵀ is A².
        packedGram.pack(gram)
        Linear.forward(gram, packedGram, into: polynomial, scratch: scratch)
        ScaledSum.update(polynomial, scale: c, adding: gram, times: b)
        for index in 0..<polynomial.rows { polynomial[index, index] += a }
        packedColumns.pack(x)
        Linear.forward(polynomial, packedColumns, into: next, scratch: scratch)
    }
}

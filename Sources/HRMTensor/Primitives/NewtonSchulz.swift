/// Turns a matrix into one whose singular values are all about 1, and whose singular vectors are its
/// own: the direction of a step that moves every input of a layer equally far.
///
/// With `X` the matrix, divided by its Frobenius norm and transposed where it has more rows than
/// columns, each iteration is
/// ```
/// A ← X·Xᵀ;  X ← (a·I + b·A + c·A²)·X
/// ```
/// which sends each singular value `s` to `a·s + b·s³ + c·s⁵`. The coefficients are those of
/// [Jordan, 2024](https://kellerjordan.github.io/posts/muon/): the slope `a` at 0 is as steep as it
/// can be when all that is not tiny has to end between 0.68 and 1.14 after five iterations. They do
/// not converge to 1, and a step has no use for it.
///
/// The products are the engine's, in float32, so the direction is the same whatever the model's own
/// precision. With `s` the shorter and `l` the longer side, an iteration takes `2 · s² · (2·l + s)`
/// operations.
public struct NewtonSchulz: Sendable {
    /// `a`, `b` and `c`.
    public static let coefficients: (a: Float, b: Float, c: Float) = (3.4445, -4.7750, 2.0315)

    /// Rows of the matrices.
    public let rows: Int
    /// Columns of the matrices.
    public let columns: Int

    /// `X` and the next one, `[shorter, longer]`.
    private let states: (Matrix, Matrix)
    /// `A`, `[shorter, shorter]`.
    private let gram: Matrix
    /// `A²`, and then the polynomial.
    private let polynomial: Matrix
    private let packedRows: PackedWeight
    private let packedColumns: PackedWeight
    private let packedGram: PackedWeight

    /// Memory for matrices of one shape.
    public init(rows: Int, columns: Int) {
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

    /// Replaces a matrix by the orthogonal one; one that is all zero stays so.
    ///
    /// - Parameters:
    ///   - matrix: `[rows, columns]`, float32, without gaps between its rows; replaced.
    ///   - iterations: How often the singular values are drawn nearer to 1.
    ///   - scratch: The worker's own.
    public func orthogonalize(_ matrix: Matrix, iterations: Int, scratch: Scratch) {
        matrix.require("the matrix", rows: rows, columns: columns, .float32)
        let isTransposed = rows > columns
        var (x, next) = states
        if isTransposed { Transposition.of(matrix, into: x) } else { x.assign(matrix) }
        let norm = matrix.withValues { values in
            var squares = 0.0
            for index in values.indices { squares += Double(values[index]) * Double(values[index]) }
            return squares.squareRoot()
        }
        // Below, the quotient would not be a float32 number, and there is no direction to keep.
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

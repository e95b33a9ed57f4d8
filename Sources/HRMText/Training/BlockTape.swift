import HRMTensor

/// The values of a block's forward pass that its backward pass needs, all float32 with R rows.
struct BlockTape: Sendable {
    /// The normed input of the attention, `[R, C]`, and 1 / RMS, `[R, 1]`.
    let first: (normed: Matrix, inverse: Matrix)
    /// Gates, and rotated queries and keys, and values, `[R, 4·A·D]`.
    let projections: Matrix
    /// The attention before its gate, `[R, A·D]`.
    let attended: Matrix
    /// The gated attention, `[R, A·D]`.
    let gated: Matrix
    /// The normed input of the SwiGLU, `[R, C]`, and 1 / RMS, `[R, 1]`.
    let second: (normed: Matrix, inverse: Matrix)
    /// Gates and gated values of the SwiGLU, `[R, 2·F]`.
    let gateUp: Matrix
    /// The result of the SwiGLU, `[R, F]`.
    let inner: Matrix

    init(_ configuration: TextConfiguration, rows: Int) {
        func matrix(_ columns: Int) -> Matrix {
            .activations(rows: rows, columns: columns, precision: .float32)
        }
        let (hidden, inner) = (configuration.hiddenSize, configuration.innerSize)
        let heads = configuration.headCount * configuration.headSize
        first = (matrix(hidden), Matrix(rows: rows, columns: 1))
        projections = matrix(4 * heads)
        attended = matrix(heads)
        gated = matrix(heads)
        second = (matrix(hidden), Matrix(rows: rows, columns: 1))
        gateUp = matrix(2 * inner)
        self.inner = matrix(inner)
    }
}

/// The values of a stack pass that its backward pass needs.
struct StackTape: Sendable {
    let blocks: [BlockTape]
    /// The normed result, `[R, C]`, and 1 / RMS, `[R, 1]`.
    let result: (normed: Matrix, inverse: Matrix)

    init(_ configuration: TextConfiguration, rows: Int) {
        blocks = (0..<configuration.layersPerStack).map { _ in
            BlockTape(configuration, rows: rows)
        }
        result = (
            .activations(rows: rows, columns: configuration.hiddenSize, precision: .float32),
            Matrix(rows: rows, columns: 1)
        )
    }
}

/// The rows of one sequence in the activations of a training pass.
struct TrainingSegment: Sendable {
    var rows: Range<Int>
    var positions: [Int]
    var visibility: ContextVisibility
}

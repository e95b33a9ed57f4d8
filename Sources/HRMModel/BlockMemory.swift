import HRMTensor

/// A block's intermediate results for some sequences, `rows = B·T`.
struct BlockActivations: Sendable {
    /// Rotated queries and keys, and values, `[rows, 3·D]`.
    let qkv: Matrix
    /// `[B·nH, T]`, only where a backward pass follows.
    let logSumExp: Matrix?
    /// `[rows, D]`.
    let attention: Matrix
    /// `h`, `[rows, D]`.
    let hidden: Matrix
    /// `[rows, 1]`.
    let hiddenInverseRMS: Matrix
    /// `[rows, 2·I]`, only where a backward pass follows.
    let gateUp: Matrix?
    /// `[rows, I]`; the backward pass computes it again rather than keep it.
    let swiGLU: Matrix
    /// `[rows, 1]`.
    let outputInverseRMS: Matrix

    /// Room for some sequences.
    ///
    /// - Parameters:
    ///   - sequences: How many.
    ///   - shape: Extents of the model.
    ///   - kept: Whether a backward pass follows.
    ///   - swiGLU: Shared by all blocks of a worker.
    init(sequences: Int, shape: SegmentShape, kept: Bool, swiGLU: Matrix) {
        let rows = sequences * shape.positions
        func matrix(_ columns: Int) -> Matrix {
            .activations(rows: rows, columns: columns, precision: shape.precision)
        }
        qkv = matrix(3 * shape.width)
        logSumExp =
            kept ? Matrix(rows: sequences * shape.headCount, columns: shape.positions) : nil
        attention = matrix(shape.width)
        hidden = matrix(shape.width)
        hiddenInverseRMS = Matrix(rows: rows, columns: 1)
        gateUp = kept ? matrix(2 * shape.innerSize) : nil
        self.swiGLU = swiGLU
        outputInverseRMS = Matrix(rows: rows, columns: 1)
    }

    private init(_ full: BlockActivations, sequences: Int, shape: SegmentShape) {
        let rows = 0..<(sequences * shape.positions)
        qkv = full.qkv.rows(rows)
        logSumExp = full.logSumExp?.rows(0..<(sequences * shape.headCount))
        attention = full.attention.rows(rows)
        hidden = full.hidden.rows(rows)
        hiddenInverseRMS = full.hiddenInverseRMS.rows(rows)
        gateUp = full.gateUp?.rows(rows)
        swiGLU = full.swiGLU.rows(rows)
        outputInverseRMS = full.outputInverseRMS.rows(rows)
    }

    /// The part for the first `sequences` sequences.
    func prefix(_ sequences: Int, shape: SegmentShape) -> BlockActivations {
        BlockActivations(self, sequences: sequences, shape: shape)
    }
}

/// Room for the gradients inside a block; one set serves all blocks of a worker.
struct BlockGradients: Sendable {
    let mlpSum: Matrix
    let gateUp: Matrix
    let hidden: Matrix
    let attentionSum: Matrix
    let attention: Matrix
    let qkv: Matrix

    init(rows: Int, shape: SegmentShape) {
        func matrix(_ columns: Int) -> Matrix {
            .activations(rows: rows, columns: columns, precision: shape.precision)
        }
        mlpSum = matrix(shape.width)
        gateUp = matrix(2 * shape.innerSize)
        hidden = matrix(shape.width)
        attentionSum = matrix(shape.width)
        attention = matrix(shape.width)
        qkv = matrix(3 * shape.width)
    }

    private init(_ full: BlockGradients, rows: Range<Int>) {
        mlpSum = full.mlpSum.rows(rows)
        gateUp = full.gateUp.rows(rows)
        hidden = full.hidden.rows(rows)
        attentionSum = full.attentionSum.rows(rows)
        attention = full.attention.rows(rows)
        qkv = full.qkv.rows(rows)
    }

    /// The part for the first rows.
    func prefix(rows: Int) -> BlockGradients {
        BlockGradients(self, rows: 0..<rows)
    }
}

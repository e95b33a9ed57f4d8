import HRMTensor

/// What all blocks of a worker use in turn, and forget.
struct SharedActivations: Sendable {
    /// `[B·T, I]`; the backward pass computes it again rather than keep it.
    let swiGLU: Matrix
    /// Where positions are mixed by weights.
    let mixing: PositionMixing.Buffers?

    /// Room for some sequences.
    init(sequences: Int, shape: SegmentShape, training: Bool) {
        swiGLU = .activations(
            rows: sequences * shape.positions, columns: shape.innerSize,
            precision: shape.precision)
        mixing =
            shape.mixesPositions
            ? PositionMixing.Buffers(sequences: sequences, shape: shape, training: training) : nil
    }
}

/// A block's intermediate results for some sequences, `rows = B·T`.
struct BlockActivations: Sendable {
    /// Those of the first half.
    enum Sequence: Sendable {
        case attention(SelfAttention.Activations)
        case mixing(PositionMixing.Activations)
    }

    let sequence: Sequence
    /// `h`, `[rows, D]`.
    let hidden: Matrix
    /// `[rows, 1]`, or `[B·D, 1]` where positions are mixed by weights.
    let hiddenInverseRMS: Matrix
    /// `[rows, 2·I]`, only where a backward pass follows.
    let gateUp: Matrix?
    /// `[rows, I]`, shared.
    let swiGLU: Matrix
    /// `[rows, 1]`.
    let outputInverseRMS: Matrix

    /// Room for some sequences.
    ///
    /// - Parameters:
    ///   - sequences: How many.
    ///   - shape: Extents of the model.
    ///   - kept: Whether a backward pass follows.
    ///   - shared: What all blocks of the worker use in turn.
    init(sequences: Int, shape: SegmentShape, kept: Bool, shared: SharedActivations) {
        let rows = sequences * shape.positions
        func matrix(_ columns: Int) -> Matrix {
            .activations(rows: rows, columns: columns, precision: shape.precision)
        }
        sequence =
            if let buffers = shared.mixing {
                .mixing(
                    PositionMixing.Activations(
                        sequences: sequences, shape: shape, kept: kept, buffers: buffers))
            } else {
                .attention(
                    SelfAttention.Activations(sequences: sequences, shape: shape, kept: kept))
            }
        hidden = matrix(shape.width)
        hiddenInverseRMS = Matrix(
            rows: shape.mixesPositions ? sequences * shape.width : rows, columns: 1)
        gateUp = kept ? matrix(2 * shape.innerSize) : nil
        swiGLU = shared.swiGLU
        outputInverseRMS = Matrix(rows: rows, columns: 1)
    }

    private init(_ full: BlockActivations, sequences: Int, shape: SegmentShape) {
        let rows = 0..<(sequences * shape.positions)
        switch full.sequence {
        case .attention(let attention):
            sequence = .attention(attention.prefix(sequences, shape: shape))
            hiddenInverseRMS = full.hiddenInverseRMS.rows(rows)
        case .mixing(let mixing):
            sequence = .mixing(mixing.prefix(sequences, shape: shape))
            hiddenInverseRMS = full.hiddenInverseRMS.rows(0..<(sequences * shape.width))
        }
        hidden = full.hidden.rows(rows)
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
    /// Of the sum behind the second half, `[rows, D]`.
    let sum: Matrix
    let gateUp: Matrix
    let hidden: Matrix
    let attention: SelfAttention.Gradients?

    init(rows: Int, shape: SegmentShape) {
        func matrix(_ columns: Int) -> Matrix {
            .activations(rows: rows, columns: columns, precision: shape.precision)
        }
        sum = matrix(shape.width)
        gateUp = matrix(2 * shape.innerSize)
        hidden = matrix(shape.width)
        attention =
            shape.mixesPositions ? nil : SelfAttention.Gradients(rows: rows, shape: shape)
    }

    private init(_ full: BlockGradients, rows: Range<Int>) {
        sum = full.sum.rows(rows)
        gateUp = full.gateUp.rows(rows)
        hidden = full.hidden.rows(rows)
        attention = full.attention?.prefix(rows: rows.count)
    }

    /// The part for the first rows.
    func prefix(rows: Int) -> BlockGradients {
        BlockGradients(self, rows: 0..<rows)
    }
}

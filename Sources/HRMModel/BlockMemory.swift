import HRMTensor

/// What all blocks of a worker use in turn, and forget.
struct SharedActivations: Sendable {
    let features: FeatureMixing.Buffers
    /// Where positions are mixed by weights.
    let mixing: PositionMixing.Buffers?

    /// Room for some sequences.
    init(sequences: Int, shape: SegmentShape, training: Bool) {
        features = FeatureMixing.Buffers(sequences: sequences, shape: shape)
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
    /// Those of the second half.
    let features: FeatureMixing.Activations

    /// Room for some sequences.
    ///
    /// - Parameters:
    ///   - sequences: How many.
    ///   - shape: Extents of the model.
    ///   - kept: Whether a backward pass follows.
    ///   - shared: What all blocks of the worker use in turn.
    init(sequences: Int, shape: SegmentShape, kept: Bool, shared: SharedActivations) {
        let rows = sequences * shape.positions
        sequence =
            if let buffers = shared.mixing {
                .mixing(
                    PositionMixing.Activations(
                        sequences: sequences, shape: shape, kept: kept, buffers: buffers))
            } else {
                .attention(
                    SelfAttention.Activations(sequences: sequences, shape: shape, kept: kept))
            }
        hidden = shape.states(rows: rows)
        hiddenInverseRMS = Matrix(
            rows: shape.mixesPositions ? sequences * shape.width : rows, columns: 1)
        features = FeatureMixing.Activations(
            sequences: sequences, shape: shape, kept: kept, buffers: shared.features)
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
        features = full.features.prefix(sequences, shape: shape)
    }

    /// The part for the first `sequences` sequences.
    func prefix(_ sequences: Int, shape: SegmentShape) -> BlockActivations {
        BlockActivations(self, sequences: sequences, shape: shape)
    }
}

/// Room for the gradients inside a block; one set serves all blocks of a worker.
struct BlockGradients: Sendable {
    let features: FeatureMixing.Gradients
    /// Of `h`, `[rows, D]`.
    let hidden: Matrix
    let attention: SelfAttention.Gradients?

    init(rows: Int, shape: SegmentShape) {
        features = FeatureMixing.Gradients(rows: rows, shape: shape)
        hidden = shape.states(rows: rows)
        attention =
            shape.mixesPositions ? nil : SelfAttention.Gradients(rows: rows, shape: shape)
    }

    private init(_ full: BlockGradients, rows: Int, shape: SegmentShape) {
        features = full.features.prefix(rows: rows, symbols: shape.symbols)
        hidden = full.hidden.rows(0..<rows)
        attention = full.attention?.prefix(rows: rows)
    }

    /// The part for the first rows.
    func prefix(rows: Int, shape: SegmentShape) -> BlockGradients {
        BlockGradients(self, rows: rows, shape: shape)
    }
}

import HRMModel
import HRMTensor

/// Scratch memory shared by all blocks of a worker.
struct SharedActivations: Sendable {
    let features: FeedForward.Buffers
    /// The buffers of token mixing, if used.
    let mixing: TokenMixing.Buffers?

    /// Allocates memory for some sequences.
    init(sequences: Int, shape: SegmentShape, training: Bool) {
        features = FeedForward.Buffers(sequences: sequences, shape: shape)
        mixing =
            shape.mixesPositions
            ? TokenMixing.Buffers(sequences: sequences, shape: shape, training: training) : nil
    }
}

/// The activations of a block for some sequences, `rows = B·T`.
struct BlockActivations: Sendable {
    /// The activations of the first half.
    struct Sequence: Sendable {
        /// The activations of the token mixer.
        enum Layer: Sendable {
            case attention(SelfAttention.Activations)
            case mixing(TokenMixing.Activations)
        }

        let layer: Layer
        /// `h`, `[rows, D]`.
        let hidden: Matrix
        /// `[rows, 1]`, or `[B·D, 1]` with token mixing.
        let inverseRMS: Matrix
    }

    /// The first half; nil if the block consists of the second half only.
    let sequence: Sequence?
    /// The activations of the second half.
    let features: FeedForward.Activations

    /// Allocates memory for some sequences.
    ///
    /// - Parameters:
    ///   - sequences: The number of sequences.
    ///   - shape: The dimensions of the model.
    ///   - saved: True if a backward pass follows.
    ///   - shared: The scratch memory of the worker.
    init(sequences: Int, shape: SegmentShape, saved: Bool, shared: SharedActivations) {
        let rows = sequences * shape.positions
        func sequence(_ layer: Sequence.Layer, norms: Int) -> Sequence {
            Sequence(
                layer: layer, hidden: shape.states(rows: rows),
                inverseRMS: Matrix(rows: norms, columns: 1))
        }
        self.sequence =
            if let buffers = shared.mixing {
                sequence(
                    .mixing(
                        TokenMixing.Activations(
                            sequences: sequences, shape: shape, saved: saved, buffers: buffers)),
                    norms: sequences * shape.width)
            } else if shape.relatesPositions {
                nil
            } else {
                sequence(
                    .attention(
                        SelfAttention.Activations(sequences: sequences, shape: shape, saved: saved)),
                    norms: rows)
            }
        features = FeedForward.Activations(
            sequences: sequences, shape: shape, saved: saved, buffers: shared.features)
    }

    private init(_ full: BlockActivations, sequences: Int, shape: SegmentShape) {
        sequence = full.sequence?.prefix(sequences, shape: shape)
        features = full.features.prefix(sequences, shape: shape)
    }

    /// Returns the part for the first `sequences` sequences.
    func prefix(_ sequences: Int, shape: SegmentShape) -> BlockActivations {
        BlockActivations(self, sequences: sequences, shape: shape)
    }
}

extension BlockActivations.Sequence {
    fileprivate func prefix(_ sequences: Int, shape: SegmentShape) -> Self {
        let rows = 0..<(sequences * shape.positions)
        let (layer, norms): (Layer, Range<Int>) =
            switch layer {
            case .attention(let attention):
                (.attention(attention.prefix(sequences, shape: shape)), rows)
            case .mixing(let mixing):
                (.mixing(mixing.prefix(sequences, shape: shape)), 0..<(sequences * shape.width))
            }
        return Self(layer: layer, hidden: hidden.rows(rows), inverseRMS: inverseRMS.rows(norms))
    }
}

/// Buffers for the gradients inside a block, shared by all blocks of a worker.
struct BlockGradients: Sendable {
    let features: FeedForward.Gradients
    /// The gradient of `h`, `[rows, D]`; nil if `h` is the input.
    let hidden: Matrix?
    let attention: SelfAttention.Gradients?

    init(rows: Int, shape: SegmentShape) {
        features = FeedForward.Gradients(rows: rows, shape: shape)
        hidden = shape.relatesPositions ? nil : shape.states(rows: rows)
        attention =
            shape.mixesPositions || shape.relatesPositions
            ? nil : SelfAttention.Gradients(rows: rows, shape: shape)
    }

    private init(_ full: BlockGradients, rows: Int, shape: SegmentShape) {
        features = full.features.prefix(rows: rows, symbols: shape.symbols)
        hidden = full.hidden?.rows(0..<rows)
        attention = full.attention?.prefix(rows: rows)
    }

    /// Returns the part for the first rows.
    func prefix(rows: Int, shape: SegmentShape) -> BlockGradients {
        BlockGradients(self, rows: rows, shape: shape)
    }
}

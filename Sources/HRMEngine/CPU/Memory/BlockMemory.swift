import HRMModel
import HRMTensor

/// Scratch memory shared by all blocks of a worker.
struct SharedActivations: Sendable {
    let features: FeedForward.Buffers
    /// The scratch memory of the mixer; nil without one.
    let mixer: (any MixerMemory)?

    /// Allocates memory for some sequences.
    init(sequences: Int, shape: SegmentShape, training: Bool) {
        features = FeedForward.Buffers(
            sequences: sequences, shape: shape, training: training)
        mixer = shape.mixer?.buffers(sequences: sequences, shape: shape, training: training)
    }
}

/// The activations of a block for some sequences, `rows = B·T`.
struct BlockActivations: Sendable {
    /// The activations of the first half.
    struct Mixed: Sendable {
        /// The activations of the mixer.
        let activations: any MixerMemory
        /// `h`, `[rows, D]`.
        let hidden: Matrix
        /// The inverse RMS of the mixer's norms, `[norms, 1]`.
        let inverseRMS: Matrix
    }

    /// The first half; nil if the block consists of the second half only.
    let mixed: Mixed?
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
        mixed =
            if let mixer = shape.mixer, let buffers = shared.mixer {
                Mixed(
                    activations: mixer.anyActivations(
                        sequences: sequences, shape: shape, saved: saved, buffers: buffers),
                    hidden: shape.states(rows: sequences * shape.positions),
                    inverseRMS: Matrix(
                        rows: mixer.normCount(sequences: sequences, shape: shape), columns: 1))
            } else {
                nil
            }
        features = FeedForward.Activations(
            sequences: sequences, shape: shape, saved: saved, buffers: shared.features)
    }

    private init(_ full: BlockActivations, sequences: Int, shape: SegmentShape) {
        mixed = full.mixed?.prefix(sequences, shape: shape)
        features = full.features.prefix(sequences, shape: shape)
    }

    /// Returns the part for the first `sequences` sequences.
    func prefix(_ sequences: Int, shape: SegmentShape) -> BlockActivations {
        BlockActivations(self, sequences: sequences, shape: shape)
    }
}

extension BlockActivations.Mixed {
    fileprivate func prefix(_ sequences: Int, shape: SegmentShape) -> Self {
        let norms = shape.mixer?.normCount(sequences: sequences, shape: shape) ?? 0
        return Self(
            activations: activations.prefix(sequences, shape: shape),
            hidden: hidden.rows(0..<(sequences * shape.positions)),
            inverseRMS: inverseRMS.rows(0..<norms))
    }
}

/// Buffers for the gradients inside a block, shared by all blocks of a worker.
struct BlockGradients: Sendable {
    /// The gradients of the first half.
    struct Mixed: Sendable {
        /// The gradient of `h`, `[rows, D]`.
        let hidden: Matrix
        /// The gradients inside the mixer.
        let memory: any MixerMemory
    }

    let features: FeedForward.Gradients
    /// The gradients of the first half; nil if there is none.
    let mixed: Mixed?

    init(rows: Int, shape: SegmentShape) {
        features = FeedForward.Gradients(rows: rows, shape: shape)
        mixed = shape.mixer.map { mixer in
            Mixed(
                hidden: shape.states(rows: rows),
                memory: mixer.gradients(sequences: rows / shape.positions, shape: shape))
        }
    }

    private init(_ full: BlockGradients, rows: Int, shape: SegmentShape) {
        features = full.features.prefix(rows: rows, symbols: shape.symbols)
        mixed = full.mixed.map {
            Mixed(
                hidden: $0.hidden.rows(0..<rows),
                memory: $0.memory.prefix(rows / shape.positions, shape: shape))
        }
    }

    /// Returns the part for the first rows.
    func prefix(rows: Int, shape: SegmentShape) -> BlockGradients {
        BlockGradients(self, rows: rows, shape: shape)
    }
}

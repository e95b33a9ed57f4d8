import HRMModel
import HRMTensor

/// Token mixing, the first half of a block without attention: a SwiGLU across the `T` positions of
/// a sequence, the same for each of its `D` features, which are called channels here.
///
/// ```
/// y = xᵀ, [D, T] of each sequence;  h = RMSNorm(y + SwiGLU(y))ᵀ
/// ```
/// The norm is over the positions of a channel. A channel is a row of the transposed sequence, so
/// the products are those of any linear layer; the transpositions take less than two percent of the
/// time.
struct TokenMixing: Mixer {
    let gateUp: LinearLayer
    let down: LinearLayer

    /// Intermediate results for the backward pass.
    struct Activations: MixerMemory {
        /// `[B·D, 2·J]`; nil unless a backward pass follows.
        let gateUp: Matrix?
        /// Shared by all blocks of a worker.
        let buffers: Buffers
    }

    /// Temporary buffers for as many sequences at a time as the weight gradients need for full
    /// speed, or for one without gradients.
    struct Buffers: MixerMemory {
        /// The capacity in sequences.
        let sequences: Int
        /// Transposed states and gradients, `[sequences·D, T]`.
        let input: Matrix
        let output: Matrix
        /// `[sequences·D, J]`.
        let swiGLU: Matrix
        /// `[sequences·D, 2·J]`; no rows without gradients.
        let gateUpGradient: Matrix
    }

    /// The gradients use the scratch memory.
    typealias Gradients = NoMixerMemory

    var layers: [LinearLayer] { [gateUp, down] }

    init(_ layout: ParameterLayout, prefix: String, precision: Precision, trainable: Bool) {
        gateUp = LinearLayer(
            layout.entry(prefix + "mlp_t.gate_up_proj.weight"), precision: precision,
            trainable: trainable, layout: .gated)
        down = LinearLayer(
            layout.entry(prefix + "mlp_t.down_proj.weight"), precision: precision,
            trainable: trainable)
    }

    /// Channels are independent, so a team shares them, and each member computes all operations on
    /// its own channels.
    func forward(
        _ x: Matrix, into h: Matrix, inverseRMS: Matrix, activations: Activations,
        context: BlockContext
    ) {
        let (width, positions) = (x.columns, context.heads.positions)
        context.time(.positionMixing) {
            context.team.shareRows(width) { channels, scratch in
                let buffers = activations.buffers.rows(channels)
                for sequence in 0..<(x.rows / positions) {
                    let rows = (sequence * positions)..<((sequence + 1) * positions)
                    let first = sequence * width
                    let own = (first + channels.lowerBound)..<(first + channels.upperBound)
                    Transposition.of(x.rows(rows).columns(channels), into: buffers.input)
                    Linear.forwardSwiGLU(
                        buffers.input, gateUp.forward, into: buffers.swiGLU,
                        gateUp: activations.gateUp?.rows(own), scratch: scratch)
                    Linear.forwardResidualNorm(
                        buffers.swiGLU, down.forward, residual: buffers.input,
                        epsilon: context.epsilon, into: buffers.output,
                        inverseRMS: inverseRMS.rows(own), scratch: scratch)
                    Transposition.of(buffers.output, into: h.rows(rows).columns(channels))
                }
            }
        }
    }

    func backward(
        _ dh: Matrix, x: Matrix, h: Matrix, inverseRMS: Matrix, activations: Activations,
        buffers: Gradients, gradients: Matrix, into dx: Matrix, context: BlockContext
    ) {
        guard let saved = activations.gateUp else {
            preconditionFailure("a backward pass through a mixing that was not saved")
        }
        let (width, positions) = (x.columns, context.heads.positions)
        let count = x.rows / positions
        for first in stride(from: 0, to: count, by: activations.buffers.sequences) {
            let sequences = first..<min(first + activations.buffers.sequences, count)
            let channels = (sequences.lowerBound * width)..<(sequences.upperBound * width)
            backward(
                dh, x: x, h: h, sequences: sequences, inverseRMS: inverseRMS.rows(channels),
                savedGateUp: saved.rows(channels),
                buffers: activations.buffers.rows(0..<channels.count), gradients: gradients,
                into: dx, context: context)
        }
    }

    private func backward(
        _ dh: Matrix, x: Matrix, h: Matrix, sequences: Range<Int>, inverseRMS: Matrix,
        savedGateUp: Matrix, buffers: Buffers, gradients: Matrix, into dx: Matrix,
        context: BlockContext
    ) {
        let scratch = context.team.scratch
        let (width, positions) = (x.columns, context.heads.positions)
        let places = sequences.enumerated().map { index, sequence in
            (
                rows: (sequence * positions)..<((sequence + 1) * positions),
                channels: (index * width)..<((index + 1) * width)
            )
        }
        func transpose(_ source: Matrix, into target: Matrix) {
            for (rows, channels) in places {
                Transposition.of(source.rows(rows), into: target.rows(channels))
            }
        }
        let gradient = buffers.output
        context.time(.positionMixing) {
            transpose(dh, into: gradient)
            transpose(h, into: buffers.input)
            RMSNorm.backward(gradient, y: buffers.input, inverseRMS: inverseRMS, into: gradient)
            Linear.backwardSwiGLU(
                gradient, down.gradientPath, gateUp: savedGateUp,
                gradient: buffers.gateUpGradient, activation: buffers.swiGLU, scratch: scratch)
            down.accumulateGradient(
                gradient, buffers.swiGLU, into: gradients, scratch: scratch)
            transpose(x, into: buffers.input)
            gateUp.accumulateGradient(
                buffers.gateUpGradient, buffers.input, into: gradients, scratch: scratch)
            Linear.forward(
                buffers.gateUpGradient, gateUp.gradientPath, adding: gradient, into: gradient,
                scratch: scratch)
            for (rows, channels) in places {
                Transposition.of(gradient.rows(channels), into: dx.rows(rows))
            }
        }
    }
}

// MARK: - Memory

extension TokenMixing {
    /// The minimum number of channels whose weight gradients are summed in one product.
    private static let channelsAtOnce = 512

    static func normCount(sequences: Int, shape: SegmentShape) -> Int { sequences * shape.width }

    static func buffers(sequences: Int, shape: SegmentShape, training: Bool) -> Buffers {
        let wanted = (channelsAtOnce + shape.width - 1) / shape.width
        let count = training ? min(sequences, wanted) : 1
        let rows = count * shape.width
        let inner = innerSize(shape)
        func matrix(_ columns: Int, rows: Int) -> Matrix {
            .activations(rows: rows, columns: columns, precision: shape.precision)
        }
        return Buffers(
            sequences: count, input: matrix(shape.positions, rows: rows),
            output: matrix(shape.positions, rows: rows), swiGLU: matrix(inner, rows: rows),
            gateUpGradient: matrix(2 * inner, rows: training ? rows : 0))
    }

    static func activations(
        sequences: Int, shape: SegmentShape, saved: Bool, buffers: Buffers
    ) -> Activations {
        Activations(
            gateUp: saved
                ? .activations(
                    rows: sequences * shape.width, columns: 2 * innerSize(shape),
                    precision: shape.precision) : nil,
            buffers: buffers)
    }

    static func gradients(sequences: Int, shape: SegmentShape) -> Gradients { Gradients() }

    /// `J`, the width inside the SwiGLU.
    private static func innerSize(_ shape: SegmentShape) -> Int {
        shape.configuration.innerSize(of: shape.positions)
    }
}

extension TokenMixing.Activations {
    func prefix(_ sequences: Int, shape: SegmentShape) -> Self {
        Self(gateUp: gateUp?.rows(0..<(sequences * shape.width)), buffers: buffers)
    }
}

extension TokenMixing.Buffers {
    /// Returns the same buffers, because they are used for a few sequences at a time.
    func prefix(_ sequences: Int, shape: SegmentShape) -> Self { self }

    /// Returns the part for some channels.
    func rows(_ range: Range<Int>) -> Self {
        Self(
            sequences: sequences, input: input.rows(range), output: output.rows(range),
            swiGLU: swiGLU.rows(range),
            gateUpGradient: gateUpGradient.rows > 0 ? gateUpGradient.rows(range) : gateUpGradient)
    }
}

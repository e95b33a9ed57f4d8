import HRMModel
import HRMTensor

/// The attention half of a block: `h = RMSNorm(x + Attention(x))`.
struct SelfAttention: Mixer {
    let qkv: LinearLayer
    let output: LinearLayer

    /// Intermediate results for some sequences, `rows = B·T`.
    struct Activations: MixerMemory {
        /// Rotated queries and keys, and values, `[rows, 3·D]`.
        let qkv: Matrix
        /// `[B·nH, T]`; nil unless a backward pass follows.
        let logSumExp: Matrix?
        /// `[rows, D]`.
        let attention: Matrix
    }

    /// Buffers for the gradients of the intermediate results.
    struct Gradients: MixerMemory {
        /// The gradient of the norm's input, `[rows, D]`.
        let sum: Matrix
        let attention: Matrix
        let qkv: Matrix
    }

    /// Attention needs no scratch memory.
    typealias Buffers = NoMixerMemory

    var layers: [LinearLayer] { [qkv, output] }

    init(_ layout: ParameterLayout, prefix: String, precision: Precision, trainable: Bool) {
        func layer(_ name: String) -> LinearLayer {
            LinearLayer(
                layout.entry(prefix + name), precision: precision, trainable: trainable)
        }
        qkv = layer("self_attn.qkv_proj.weight")
        output = layer("self_attn.o_proj.weight")
    }

    func forward(
        _ x: Matrix, into h: Matrix, inverseRMS: Matrix, activations: Activations,
        context: BlockContext
    ) {
        let (a, team) = (activations, context.team)
        context.time(.queriesKeysValues) {
            team.shareRows(x.rows) { rows, scratch in
                Linear.forwardRotary(
                    x.rows(rows), qkv.forward, rotary: context.heads, firstRow: rows.lowerBound,
                    into: a.qkv.rows(rows), scratch: scratch)
            }
        }
        context.time(.attention) {
            team.share(x.rows / context.heads.positions * context.heads.headCount) {
                range, scratch in
                Attention.forward(
                    a.qkv, heads: context.heads, range: range, into: a.attention,
                    logSumExp: a.logSumExp, scratch: scratch)
            }
        }
        context.time(.attentionOutput) {
            team.shareRows(x.rows) { rows, scratch in
                Linear.forwardResidualNorm(
                    a.attention.rows(rows), output.forward, residual: x.rows(rows),
                    epsilon: context.epsilon, into: h.rows(rows),
                    inverseRMS: inverseRMS.rows(rows), scratch: scratch)
            }
        }
    }

    func backward(
        _ dh: Matrix, x: Matrix, h: Matrix, inverseRMS: Matrix, activations: Activations,
        buffers: Gradients, gradients: Matrix, into dx: Matrix, context: BlockContext
    ) {
        let (a, scratch) = (activations, context.team.scratch)
        guard let logSumExp = a.logSumExp else {
            preconditionFailure("a backward pass through an attention that was not saved")
        }
        context.time(.norms) {
            RMSNorm.backward(dh, y: h, inverseRMS: inverseRMS, into: buffers.sum)
        }
        context.time(.inputGradients) {
            Linear.forward(
                buffers.sum, output.gradientPath, into: buffers.attention, scratch: scratch)
        }
        output.accumulateGradient(buffers.sum, a.attention, into: gradients, context: context)
        context.time(.attentionGradient) {
            Attention.backward(
                qkv: a.qkv, heads: context.heads, output: a.attention,
                outputGradient: buffers.attention, logSumExp: logSumExp, into: buffers.qkv,
                scratch: scratch)
        }
        qkv.accumulateGradient(buffers.qkv, x, into: gradients, context: context)
        context.time(.inputGradients) {
            Linear.forward(
                buffers.qkv, qkv.gradientPath, adding: buffers.sum, into: dx, scratch: scratch)
        }
    }
}

// MARK: - Memory

extension SelfAttention {
    static func normCount(sequences: Int, shape: SegmentShape) -> Int {
        sequences * shape.positions
    }

    static func buffers(sequences: Int, shape: SegmentShape, training: Bool) -> Buffers {
        Buffers()
    }

    static func activations(
        sequences: Int, shape: SegmentShape, saved: Bool, buffers: Buffers
    ) -> Activations {
        let rows = sequences * shape.positions
        func matrix(_ columns: Int) -> Matrix {
            .activations(rows: rows, columns: columns, precision: shape.precision)
        }
        return Activations(
            qkv: matrix(3 * shape.width),
            logSumExp: saved
                ? Matrix(rows: sequences * shape.headCount, columns: shape.positions) : nil,
            attention: matrix(shape.width))
    }

    static func gradients(sequences: Int, shape: SegmentShape) -> Gradients {
        func matrix(_ columns: Int) -> Matrix {
            .activations(
                rows: sequences * shape.positions, columns: columns, precision: shape.precision)
        }
        return Gradients(
            sum: matrix(shape.width), attention: matrix(shape.width), qkv: matrix(3 * shape.width))
    }
}

extension SelfAttention.Activations {
    func prefix(_ sequences: Int, shape: SegmentShape) -> Self {
        let rows = 0..<(sequences * shape.positions)
        return Self(
            qkv: qkv.rows(rows), logSumExp: logSumExp?.rows(0..<(sequences * shape.headCount)),
            attention: attention.rows(rows))
    }
}

extension SelfAttention.Gradients {
    func prefix(_ sequences: Int, shape: SegmentShape) -> Self {
        let rows = 0..<(sequences * shape.positions)
        return Self(sum: sum.rows(rows), attention: attention.rows(rows), qkv: qkv.rows(rows))
    }
}

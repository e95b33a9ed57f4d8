import HRMModel
import HRMTensor

/// The attention half of a block: `h = RMSNorm(x + Attention(x))`.
struct SelfAttention: Sendable {
    let qkv: LinearLayer
    let output: LinearLayer

    /// Intermediate results for some sequences, `rows = B·T`.
    struct Activations: Sendable {
        /// Rotated queries and keys, and values, `[rows, 3·D]`.
        let qkv: Matrix
        /// `[B·nH, T]`; nil unless a backward pass follows.
        let logSumExp: Matrix?
        /// `[rows, D]`.
        let attention: Matrix
    }

    /// Buffers for the gradients of the same.
    struct Gradients: Sendable {
        /// The gradient of the norm's input, `[rows, D]`.
        let sum: Matrix
        let attention: Matrix
        let qkv: Matrix
    }

    init(_ layout: ParameterLayout, prefix: String, precision: Precision, trainable: Bool) {
        func layer(_ name: String) -> LinearLayer {
            LinearLayer(
                layout.entry(prefix + name), precision: precision, trainable: trainable)
        }
        qkv = layer("self_attn.qkv_proj.weight")
        output = layer("self_attn.o_proj.weight")
    }

    /// Computes `h` from `x`.
    ///
    /// - Parameters:
    ///   - x: Shape `[B·T, D]`.
    ///   - h: Shape `[B·T, D]`; overwritten.
    ///   - inverseRMS: The inverse RMS of the norm, `[B·T, 1]`; overwritten.
    ///   - activations: Receives the intermediate results, which are kept if it has the memory for
    ///     them.
    ///   - context: The values shared by all blocks.
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

    /// Computes the gradient of `x` from that of `h`, and adds the weights' gradients to
    /// `gradients`.
    ///
    /// - Parameters:
    ///   - dh: Shape `[B·T, D]`.
    ///   - x: The forward pass's input.
    ///   - h: The forward pass's output.
    ///   - inverseRMS: The forward pass's inverse RMS.
    ///   - activations: The forward pass's intermediate results.
    ///   - buffers: Buffers for the gradients between the layers.
    ///   - gradients: The flat array of this worker.
    ///   - dx: Shape `[B·T, D]`; overwritten, may be `dh`.
    ///   - context: The values shared by all blocks.
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

extension SelfAttention.Activations {
    /// Allocates memory for some sequences.
    init(sequences: Int, shape: SegmentShape, saved: Bool) {
        let rows = sequences * shape.positions
        qkv = .activations(rows: rows, columns: 3 * shape.width, precision: shape.precision)
        logSumExp =
            saved ? Matrix(rows: sequences * shape.headCount, columns: shape.positions) : nil
        attention = .activations(rows: rows, columns: shape.width, precision: shape.precision)
    }

    /// Returns the part for the first `sequences` sequences.
    func prefix(_ sequences: Int, shape: SegmentShape) -> Self {
        let rows = 0..<(sequences * shape.positions)
        return Self(
            qkv: qkv.rows(rows), logSumExp: logSumExp?.rows(0..<(sequences * shape.headCount)),
            attention: attention.rows(rows))
    }
}

extension SelfAttention.Gradients {
    /// Allocates memory for some rows.
    init(rows: Int, shape: SegmentShape) {
        func matrix(_ columns: Int) -> Matrix {
            .activations(rows: rows, columns: columns, precision: shape.precision)
        }
        sum = matrix(shape.width)
        attention = matrix(shape.width)
        qkv = matrix(3 * shape.width)
    }

    /// Returns the part for the first rows.
    func prefix(rows count: Int) -> Self {
        let rows = 0..<count
        return Self(sum: sum.rows(rows), attention: attention.rows(rows), qkv: qkv.rows(rows))
    }
}

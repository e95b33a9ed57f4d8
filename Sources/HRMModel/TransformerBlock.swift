import HRMTensor

/// One post-norm block, without biases and without learned norms.
///
/// ```
/// h = RMSNorm(x + Attention(x))
/// y = RMSNorm(h + SwiGLU(h))
/// ```
struct TransformerBlock: Sendable {
    let qkv: LinearLayer
    let output: LinearLayer
    let gateUp: LinearLayer
    let down: LinearLayer

    var layers: [LinearLayer] { [qkv, output, gateUp, down] }

    init(_ layout: ParameterLayout, prefix: String, precision: Precision, trainable: Bool) {
        func layer(_ name: String, _ packing: PackedWeight.Layout = .plain) -> LinearLayer {
            LinearLayer(
                layout.entry(prefix + name), precision: precision, trainable: trainable,
                layout: packing)
        }
        qkv = layer("self_attn.qkv_proj.weight")
        output = layer("self_attn.o_proj.weight")
        gateUp = layer("mlp.gate_up_proj.weight", .gated)
        down = layer("mlp.down_proj.weight")
    }

    /// From `x` to `y`.
    ///
    /// - Parameters:
    ///   - x: Shape `[B·T, D]`.
    ///   - y: Shape `[B·T, D]`; overwritten. Not `x`.
    ///   - activations: Where intermediate results go; kept for the backward pass if they can be.
    ///   - context: What all blocks share.
    func forward(
        _ x: Matrix, into y: Matrix, activations: BlockActivations, context: BlockContext
    ) {
        let (a, scratch) = (activations, context.scratch)
        Linear.forwardRotary(
            x, qkv.forward, rotary: context.heads, into: a.qkv, scratch: scratch)
        Attention.forward(
            a.qkv, heads: context.heads, into: a.attention, logSumExp: a.logSumExp, scratch: scratch
        )
        Linear.forwardResidualNorm(
            a.attention, output.forward, residual: x, epsilon: context.epsilon, into: a.hidden,
            inverseRMS: a.hiddenInverseRMS, scratch: scratch)
        Linear.forwardSwiGLU(
            a.hidden, gateUp.forward, into: a.swiGLU, gateUp: a.gateUp, scratch: scratch)
        Linear.forwardResidualNorm(
            a.swiGLU, down.forward, residual: a.hidden, epsilon: context.epsilon, into: y,
            inverseRMS: a.outputInverseRMS, scratch: scratch)
    }

    /// The gradient of `x` from that of `y`, adding the weights' gradients to `gradients`.
    ///
    /// - Parameters:
    ///   - dy: Shape `[B·T, D]`.
    ///   - x: The forward pass's input.
    ///   - y: The forward pass's output.
    ///   - activations: What the forward pass kept.
    ///   - buffers: Room for the gradients between the layers.
    ///   - gradients: The flat array of this worker.
    ///   - dx: Shape `[B·T, D]`; overwritten, may be `dy`.
    ///   - context: What all blocks share.
    func backward(
        _ dy: Matrix, x: Matrix, y: Matrix, activations: BlockActivations,
        buffers: BlockGradients, gradients: Matrix, into dx: Matrix, context: BlockContext
    ) {
        let (a, scratch) = (activations, context.scratch)
        guard let keptGateUp = a.gateUp, let logSumExp = a.logSumExp else {
            preconditionFailure("a backward pass through activations that were not kept")
        }
        func accumulate(_ layer: LinearLayer, _ dOutput: Matrix, _ input: Matrix) {
            Linear.accumulateWeightGradient(
                dOutput, input, into: layer.entry.matrix(in: gradients), scratch: scratch)
        }
        RMSNorm.backward(dy, y: y, inverseRMS: a.outputInverseRMS, into: buffers.mlpSum)
        Linear.backwardSwiGLU(
            buffers.mlpSum, down.gradientPath, gateUp: keptGateUp, gradient: buffers.gateUp,
            activation: a.swiGLU, scratch: scratch)
        accumulate(down, buffers.mlpSum, a.swiGLU)
        accumulate(gateUp, buffers.gateUp, a.hidden)
        Linear.forward(
            buffers.gateUp, gateUp.gradientPath, adding: buffers.mlpSum, into: buffers.hidden,
            scratch: scratch)

        RMSNorm.backward(
            buffers.hidden, y: a.hidden, inverseRMS: a.hiddenInverseRMS, into: buffers.attentionSum)
        Linear.forward(
            buffers.attentionSum, output.gradientPath, into: buffers.attention, scratch: scratch)
        accumulate(output, buffers.attentionSum, a.attention)
        Attention.backward(
            qkv: a.qkv, heads: context.heads, output: a.attention,
            outputGradient: buffers.attention, logSumExp: logSumExp, into: buffers.qkv,
            scratch: scratch)
        accumulate(qkv, buffers.qkv, x)
        Linear.forward(
            buffers.qkv, qkv.gradientPath, adding: buffers.attentionSum, into: dx, scratch: scratch)
    }
}

/// What every block of a model shares, for one worker.
struct BlockContext: Sendable {
    /// Positions and heads.
    let heads: RotaryEmbedding
    /// Of the norms.
    let epsilon: Float
    let scratch: Scratch
}

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
            Matrix(rows: rows, columns: columns, precision: shape.precision)
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
            Matrix(rows: rows, columns: columns, precision: shape.precision)
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

/// The extents that decide how much memory a segment takes.
struct SegmentShape: Sendable {
    /// `T`, positions of a sequence, the puzzle embedding's included.
    let positions: Int
    /// `D`.
    let width: Int
    /// `nH`.
    let headCount: Int
    /// `I`.
    let innerSize: Int
    /// Of activations.
    let precision: Precision
}

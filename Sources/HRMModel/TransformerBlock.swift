import HRMTensor

/// One post-norm block, without biases and without learned norms.
///
/// ```
/// h = RMSNorm(x + Attention(x))         or, transposed, a SwiGLU across positions
/// y = RMSNorm(h + SwiGLU(h))
/// ```
struct TransformerBlock: Sendable {
    /// What lets positions know of each other.
    enum SequenceLayer: Sendable {
        case attention(SelfAttention)
        case mixing(PositionMixing)
    }

    let sequence: SequenceLayer
    let gateUp: LinearLayer
    let down: LinearLayer

    var layers: [LinearLayer] {
        switch sequence {
        case .attention(let attention): [attention.qkv, attention.output, gateUp, down]
        case .mixing(let mixing): [mixing.gateUp, mixing.down, gateUp, down]
        }
    }

    init(
        _ layout: ParameterLayout, prefix: String, mixesPositions: Bool, precision: Precision,
        trainable: Bool
    ) {
        sequence =
            mixesPositions
            ? .mixing(
                PositionMixing(layout, prefix: prefix, precision: precision, trainable: trainable))
            : .attention(
                SelfAttention(layout, prefix: prefix, precision: precision, trainable: trainable))
        gateUp = LinearLayer(
            layout.entry(prefix + "mlp.gate_up_proj.weight"), precision: precision,
            trainable: trainable, layout: .gated)
        down = LinearLayer(
            layout.entry(prefix + "mlp.down_proj.weight"), precision: precision,
            trainable: trainable)
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
        let (a, team) = (activations, context.team)
        switch (sequence, a.sequence) {
        case (.attention(let attention), .attention(let kept)):
            attention.forward(
                x, into: a.hidden, inverseRMS: a.hiddenInverseRMS, activations: kept,
                context: context)
        case (.mixing(let mixing), .mixing(let kept)):
            mixing.forward(
                x, into: a.hidden, inverseRMS: a.hiddenInverseRMS, activations: kept,
                context: context)
        default: preconditionFailure("activations of another kind of block")
        }
        context.time(.gateUp) {
            team.shareRows(x.rows) { rows, scratch in
                Linear.forwardSwiGLU(
                    a.hidden.rows(rows), gateUp.forward, into: a.swiGLU.rows(rows),
                    gateUp: a.gateUp?.rows(rows), scratch: scratch)
            }
        }
        context.time(.down) {
            team.shareRows(x.rows) { rows, scratch in
                Linear.forwardResidualNorm(
                    a.swiGLU.rows(rows), down.forward, residual: a.hidden.rows(rows),
                    epsilon: context.epsilon, into: y.rows(rows),
                    inverseRMS: a.outputInverseRMS.rows(rows), scratch: scratch)
            }
        }
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
        let (a, scratch) = (activations, context.team.scratch)
        guard let keptGateUp = a.gateUp else {
            preconditionFailure("a backward pass through activations that were not kept")
        }
        context.time(.norms) {
            RMSNorm.backward(dy, y: y, inverseRMS: a.outputInverseRMS, into: buffers.sum)
        }
        context.time(.inputGradients) {
            Linear.backwardSwiGLU(
                buffers.sum, down.gradientPath, gateUp: keptGateUp, gradient: buffers.gateUp,
                activation: a.swiGLU, scratch: scratch)
        }
        down.accumulateGradient(buffers.sum, a.swiGLU, into: gradients, context: context)
        gateUp.accumulateGradient(buffers.gateUp, a.hidden, into: gradients, context: context)
        context.time(.inputGradients) {
            Linear.forward(
                buffers.gateUp, gateUp.gradientPath, adding: buffers.sum, into: buffers.hidden,
                scratch: scratch)
        }

        switch (sequence, a.sequence) {
        case (.attention(let attention), .attention(let kept)):
            guard let room = buffers.attention else {
                preconditionFailure("no room for the gradients of an attention")
            }
            attention.backward(
                buffers.hidden, x: x, h: a.hidden, inverseRMS: a.hiddenInverseRMS,
                activations: kept, buffers: room, gradients: gradients, into: dx,
                context: context)
        case (.mixing(let mixing), .mixing(let kept)):
            mixing.backward(
                buffers.hidden, x: x, h: a.hidden, inverseRMS: a.hiddenInverseRMS,
                activations: kept, gradients: gradients, into: dx, context: context)
        default: preconditionFailure("activations of another kind of block")
        }
    }
}

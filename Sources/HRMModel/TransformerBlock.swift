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
                    epsilon: context.epsilon, into: a.hidden.rows(rows),
                    inverseRMS: a.hiddenInverseRMS.rows(rows), scratch: scratch)
            }
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
        guard let keptGateUp = a.gateUp, let logSumExp = a.logSumExp else {
            preconditionFailure("a backward pass through activations that were not kept")
        }
        func accumulate(_ layer: LinearLayer, _ dOutput: Matrix, _ input: Matrix) {
            context.time(.weightGradients) {
                Linear.accumulateWeightGradient(
                    dOutput, input, into: layer.entry.matrix(in: gradients), scratch: scratch)
            }
        }
        context.time(.norms) {
            RMSNorm.backward(dy, y: y, inverseRMS: a.outputInverseRMS, into: buffers.mlpSum)
        }
        context.time(.inputGradients) {
            Linear.backwardSwiGLU(
                buffers.mlpSum, down.gradientPath, gateUp: keptGateUp, gradient: buffers.gateUp,
                activation: a.swiGLU, scratch: scratch)
        }
        accumulate(down, buffers.mlpSum, a.swiGLU)
        accumulate(gateUp, buffers.gateUp, a.hidden)
        context.time(.inputGradients) {
            Linear.forward(
                buffers.gateUp, gateUp.gradientPath, adding: buffers.mlpSum, into: buffers.hidden,
                scratch: scratch)
        }

        context.time(.norms) {
            RMSNorm.backward(
                buffers.hidden, y: a.hidden, inverseRMS: a.hiddenInverseRMS,
                into: buffers.attentionSum)
        }
        context.time(.inputGradients) {
            Linear.forward(
                buffers.attentionSum, output.gradientPath, into: buffers.attention,
                scratch: scratch)
        }
        accumulate(output, buffers.attentionSum, a.attention)
        context.time(.attentionGradient) {
            Attention.backward(
                qkv: a.qkv, heads: context.heads, output: a.attention,
                outputGradient: buffers.attention, logSumExp: logSumExp, into: buffers.qkv,
                scratch: scratch)
        }
        accumulate(qkv, buffers.qkv, x)
        context.time(.inputGradients) {
            Linear.forward(
                buffers.qkv, qkv.gradientPath, adding: buffers.attentionSum, into: dx,
                scratch: scratch)
        }
    }
}

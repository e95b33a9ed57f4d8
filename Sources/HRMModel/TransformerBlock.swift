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
    let features: FeatureMixing

    var layers: [LinearLayer] {
        let own = [features.gateUp, features.down]
        return switch sequence {
        case .attention(let attention): [attention.qkv, attention.output] + own
        case .mixing(let mixing): [mixing.gateUp, mixing.down] + own
        }
    }

    init(
        _ layout: ParameterLayout, prefix: String, configuration: HRMConfiguration,
        trainable: Bool
    ) {
        let precision = configuration.forwardPrecision
        sequence =
            configuration.mixesPositions
            ? .mixing(
                PositionMixing(layout, prefix: prefix, precision: precision, trainable: trainable))
            : .attention(
                SelfAttention(layout, prefix: prefix, precision: precision, trainable: trainable))
        features = FeatureMixing(
            layout, prefix: prefix, symbols: max(1, configuration.symbolCount),
            precision: precision, trainable: trainable)
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
        let a = activations
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
        features.forward(a.hidden, into: y, activations: a.features, context: context)
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
        let a = activations
        features.backward(
            dy, h: a.hidden, y: y, activations: a.features, buffers: buffers.features,
            gradients: gradients, into: buffers.hidden, context: context)
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

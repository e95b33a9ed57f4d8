import HRMModel
import HRMTensor

/// One post-norm block, without biases and without learned norms.
///
/// ```
/// h = RMSNorm(x + Attention(x))         or, transposed, a SwiGLU across positions
/// y = RMSNorm(h + SwiGLU(h))
/// ```
/// With relations, the SwiGLU also reads the means over other positions, and `h = x`.
struct TransformerBlock: Sendable {
    /// The token mixer: the layer that exchanges information between positions.
    enum SequenceLayer: Sendable {
        case attention(SelfAttention)
        case mixing(TokenMixing)
    }

    /// The first half; nil with relations.
    let sequence: SequenceLayer?
    let features: FeedForward

    var layers: [LinearLayer] {
        let own = features.layers
        return switch sequence {
        case .attention(let attention): [attention.qkv, attention.output] + own
        case .mixing(let mixing): [mixing.gateUp, mixing.down] + own
        case nil: own
        }
    }

    init(
        _ layout: ParameterLayout, prefix: String, configuration: HRMConfiguration,
        pooling: FeaturePooling?, trainable: Bool
    ) {
        let precision = configuration.forwardPrecision.storage
        sequence =
            if configuration.mixesPositions {
                .mixing(
                    TokenMixing(
                        layout, prefix: prefix, precision: precision, trainable: trainable))
            } else if configuration.relations.isEmpty {
                .attention(
                    SelfAttention(
                        layout, prefix: prefix, precision: precision, trainable: trainable))
            } else {
                nil
            }
        features = FeedForward(
            layout, prefix: prefix, pooling: pooling, precision: precision, trainable: trainable)
    }

    /// Computes `y` from `x`.
    ///
    /// - Parameters:
    ///   - x: Shape `[B·T, D]`.
    ///   - y: Shape `[B·T, D]`; overwritten. Not `x`.
    ///   - activations: Receives the intermediate results, which are kept if it has the memory for
    ///     them.
    ///   - context: The values shared by all blocks.
    func forward(
        _ x: Matrix, into y: Matrix, activations: BlockActivations, context: BlockContext
    ) {
        guard let (layer, saved) = firstHalf(activations) else {
            features.forward(x, into: y, activations: activations.features, context: context)
            return
        }
        switch (layer, saved.layer) {
        case (.attention(let attention), .attention(let own)):
            attention.forward(
                x, into: saved.hidden, inverseRMS: saved.inverseRMS, activations: own,
                context: context)
        case (.mixing(let mixing), .mixing(let own)):
            mixing.forward(
                x, into: saved.hidden, inverseRMS: saved.inverseRMS, activations: own,
                context: context)
        default: preconditionFailure("activations of another kind of block")
        }
        features.forward(
            saved.hidden, into: y, activations: activations.features, context: context)
    }

    /// Computes the gradient of `x` from that of `y`, and adds the weights' gradients to
    /// `gradients`.
    ///
    /// - Parameters:
    ///   - dy: Shape `[B·T, D]`.
    ///   - x: The forward pass's input.
    ///   - y: The forward pass's output.
    ///   - activations: The forward pass's intermediate results.
    ///   - buffers: Buffers for the gradients between the layers.
    ///   - gradients: The flat array of this worker.
    ///   - dx: Shape `[B·T, D]`; overwritten, may be `dy`.
    ///   - context: The values shared by all blocks.
    func backward(
        _ dy: Matrix, x: Matrix, y: Matrix, activations: BlockActivations,
        buffers: BlockGradients, gradients: Matrix, into dx: Matrix, context: BlockContext
    ) {
        func featuresBackward(_ h: Matrix, into dh: Matrix) {
            features.backward(
                dy, h: h, y: y, activations: activations.features, buffers: buffers.features,
                gradients: gradients, into: dh, context: context)
        }
        guard let (layer, saved) = firstHalf(activations), let dh = buffers.hidden else {
            featuresBackward(x, into: dx)
            return
        }
        let h = saved.hidden
        featuresBackward(h, into: dh)
        switch (layer, saved.layer) {
        case (.attention(let attention), .attention(let own)):
            guard let room = buffers.attention else {
                preconditionFailure("no room for the gradients of an attention")
            }
            attention.backward(
                dh, x: x, h: h, inverseRMS: saved.inverseRMS, activations: own, buffers: room,
                gradients: gradients, into: dx, context: context)
        case (.mixing(let mixing), .mixing(let own)):
            mixing.backward(
                dh, x: x, h: h, inverseRMS: saved.inverseRMS, activations: own,
                gradients: gradients, into: dx, context: context)
        default: preconditionFailure("activations of another kind of block")
        }
    }

    /// Returns the layer of the first half with its activations; nil if there is no first half.
    private func firstHalf(
        _ activations: BlockActivations
    ) -> (layer: SequenceLayer, saved: BlockActivations.Sequence)? {
        precondition(
            (sequence == nil) == (activations.sequence == nil),
            "activations of another kind of block")
        guard let sequence, let saved = activations.sequence else { return nil }
        return (sequence, saved)
    }
}

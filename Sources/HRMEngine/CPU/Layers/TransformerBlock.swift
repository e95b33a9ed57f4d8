import HRMModel
import HRMTensor

/// One post-norm block, without biases and without learned norms.
///
/// ```
/// h = RMSNorm(x + Mixer(x))             attention, or a SwiGLU across positions
/// y = RMSNorm(h + SwiGLU(h))
/// ```
/// With relations, the SwiGLU also reads the means over other positions, and `h = x`.
struct TransformerBlock: Sendable {
    /// The first half; nil with relations.
    let mixer: (any Mixer)?
    let features: FeedForward

    var layers: [LinearLayer] { (mixer?.layers ?? []) + features.layers }

    init(
        _ layout: ParameterLayout, prefix: String, configuration: HRMConfiguration,
        pooling: FeaturePooling?, trainable: Bool
    ) {
        let precision = configuration.forwardPrecision.storage
        mixer = configuration.mixerKind?.type.init(
            layout, prefix: prefix, precision: precision, trainable: trainable)
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
        var h = x
        if let (mixer, saved) = firstHalf(activations) {
            mixer.anyForward(x, saved: saved, context: context)
            h = saved.hidden
        }
        features.forward(h, into: y, activations: activations.features, context: context)
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
        guard let (mixer, saved) = firstHalf(activations), let own = buffers.mixed else {
            featuresBackward(x, into: dx)
            return
        }
        featuresBackward(saved.hidden, into: own.hidden)
        mixer.anyBackward(
            own.hidden, x: x, saved: saved, buffers: own.memory, gradients: gradients, into: dx,
            context: context)
    }

    /// Returns the mixer with its activations; nil if there is none.
    private func firstHalf(
        _ activations: BlockActivations
    ) -> (mixer: any Mixer, saved: BlockActivations.Mixed)? {
        precondition(
            (mixer == nil) == (activations.mixed == nil),
            "activations of another kind of block")
        guard let mixer, let saved = activations.mixed else { return nil }
        return (mixer, saved)
    }
}

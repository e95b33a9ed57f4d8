package import HRMTensor

/// The first values of all tensors: decoded latents with noise, `x = z · W + b`.
package struct DecodingLayer {
    /// The standard normal noise of the next forward pass, `[positions, 4]`.
    package let noise: Multitensor
    private let output: Multitensor
    private let kinds: [AxisSet]
    private let latents: [(mean: Weight, adjust: Weight, capacity: Weight)]
    private let matrices: [(weight: Weight, bias: Weight)]
    private let decodings: [LatentDecoding]
    private let decoded: Multitensor
    private let decodedGradients: Multitensor

    /// Creates the layer.
    ///
    /// - Parameters:
    ///   - output: The decoded tensors.
    ///   - kinds: The tensors to decode.
    ///   - layout: The extents.
    ///   - parameters: The parameter with a name.
    package init(
        output: Multitensor, kinds: [AxisSet] = AxisSet.all, layout: MultitensorLayout,
        parameters: (String) -> Weight
    ) {
        self.output = output
        self.kinds = kinds
        let noise = Multitensor(layout, kinds: kinds, width: LatentDecoding.channels)
        self.noise = noise
        let latents = kinds.map { kind in
            let name = "latent.\(kind.name)"
            return (
                mean: parameters("\(name).mean"), adjust: parameters("\(name).adjust"),
                capacity: parameters("\(name).capacity")
            )
        }
        self.latents = latents
        matrices = kinds.map { kind in
            let name = "decode.\(kind.tied.name)"
            return (parameters("\(name).w"), parameters("\(name).b"))
        }
        decodings = zip(kinds, latents).map { kind, latent in
            LatentDecoding(
                mean: latent.mean.value, adjust: latent.adjust.value,
                capacity: latent.capacity.value, noise: noise[kind])
        }
        decoded = Multitensor(layout, kinds: kinds, width: LatentDecoding.channels)
        decodedGradients = Multitensor(layout, kinds: kinds, width: LatentDecoding.channels)
    }

    /// Draws the noise of the next forward pass.
    package func drawNoise(using generator: inout SeededGenerator) {
        for kind in kinds { NormalNumbers.fill(noise[kind], using: &generator) }
    }

    /// Computes the output.
    ///
    /// - Parameters:
    ///   - divergences: The KL divergences of the tensors in nats, one per kind; replaced.
    ///   - details: The KL divergences of all latents, `[positions, 4]`; overwritten.
    package func forward(divergences: inout [Double], details: Multitensor? = nil) {
        for (index, kind) in kinds.enumerated() {
            divergences[index] = decodings[index].forward(
                into: decoded[kind], divergences: details?[kind])
            ChannelProduct.forward(
                decoded[kind], weight: matrices[index].weight.value,
                bias: matrices[index].bias.value, into: output[kind])
        }
    }

    /// Computes the gradients of all parameters.
    ///
    /// Those of latents are overwritten, all others added
    /// to.
    ///
    /// - Parameters:
    ///   - gradient: The gradient of the output.
    ///   - divergenceWeights: The gradients of the KL divergences, `[positions, 4]`; nil for 1.
    package func backward(_ gradient: Multitensor, divergenceWeights: Multitensor? = nil) {
        for (index, kind) in kinds.enumerated() {
            let (weight, bias) = matrices[index]
            ChannelProduct.addGradient(decoded[kind], gradient[kind], to: weight.gradient)
            ChannelProduct.addBiasGradient(gradient[kind], to: bias.gradient)
            ChannelProduct.backward(
                gradient[kind], weight: weight.value, into: decodedGradients[kind])
            let latent = latents[index]
            decodings[index].backward(
                decodedGradients[kind], divergenceWeights: divergenceWeights?[kind],
                meanGradient: latent.mean.gradient, adjustGradient: latent.adjust.gradient,
                capacityGradient: latent.capacity.gradient)
        }
    }
}

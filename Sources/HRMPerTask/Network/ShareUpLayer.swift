import HRMTensor

/// Communication from tensors to those with more axes.
///
/// `x_A += norm(Σ_B x_B · In_B) · Out_A`, where `B` are all tensors whose axes are among those of
/// `A`, repeated along the missing axes.
package struct ShareUpLayer: Layer {
    private let input: Multitensor
    private let output: Multitensor
    private let weights: Projections
    private let targets: [AxisSet]
    private let memory: LayerMemory
    private let sums: SumsOfSmaller
    private let gradientSums: SumsOfLarger
    /// The normalised sums, 16 channels.
    private let normal: Multitensor
    private let inverse: Multitensor

    /// Creates the layer.
    ///
    /// - Parameters:
    ///   - input: All tensors.
    ///   - output: The targets' new values.
    ///   - targets: The tensors that change.
    ///   - memory: Temporary memory.
    ///   - weights: The weights; `Out` is used for targets only.
    package init(
        input: Multitensor, output: Multitensor, targets: [AxisSet] = AxisSet.all,
        memory: LayerMemory, weights: Projections
    ) {
        self.input = input
        self.output = output
        self.targets = targets
        self.memory = memory
        self.weights = weights
        normal = Multitensor(memory.layout, kinds: targets, width: 16)
        inverse = Multitensor(rowsOf: targets, width: 16)
        let paths = AxisPaths(larger: targets)
        sums = SumsOfSmaller(
            paths, of: memory.hidden16, into: normal, factors: .ones, partial: memory.partial16)
        gradientSums = SumsOfLarger(
            paths, in: memory.gradient16, factors: .ones, partial: memory.partial16)
    }

    package func forward() {
        for kind in AxisSet.all {
            ChannelProduct.forward(
                input[kind], weight: weights[kind].input.value, into: memory.hidden16[kind])
        }
        sums.compute()
        for kind in targets {
            ChannelNorm.forward(normal[kind], into: normal[kind], inverse: inverse[kind])
            ChannelProduct.forward(
                normal[kind], weight: weights[kind].output.value, plus: input[kind],
                into: output[kind])
        }
    }

    package func backward(_ gradient: Multitensor) {
        let hidden = memory.gradient16
        for kind in targets {
            let out = weights[kind].output
            ChannelProduct.addGradient(normal[kind], gradient[kind], to: out.gradient)
            ChannelProduct.backward(gradient[kind], weight: out.value, into: hidden[kind])
            ChannelNorm.backward(
                hidden[kind], y: normal[kind], inverse: inverse[kind], into: hidden[kind])
        }
        gradientSums.compute()
        for kind in AxisSet.all {
            let weight = weights[kind].input
            ChannelProduct.addGradient(input[kind], hidden[kind], to: weight.gradient)
            ChannelProduct.backward(
                hidden[kind], weight: weight.value, plus: gradient[kind], into: gradient[kind])
        }
    }
}

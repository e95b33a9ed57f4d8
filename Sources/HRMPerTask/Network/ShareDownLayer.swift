import HRMTensor

/// Communication from tensors to those with fewer axes.
///
/// `x_A += norm(Σ_B mean(x_B · In_B)) · Out_A`, where `B` are all tensors with at least the axes of
/// `A`, and means are over the others.
package struct ShareDownLayer: Layer {
    private let input: Multitensor
    private let output: Multitensor
    private let sources: [AxisSet]
    private let targets: [AxisSet]
    private let memory: LayerMemory
    private let weights: Projections
    private let sums: SumsOfLarger
    private let gradientSums: SumsOfSmaller
    /// The normalised sums, 8 channels.
    private let normal: Multitensor
    private let inverse: Multitensor
    /// The gradients of the sums, zero for those that are no targets.
    private let sumGradients: Multitensor

    /// Creates the layer.
    ///
    /// - Parameters:
    ///   - input: The sources.
    ///   - output: The targets' new values.
    ///   - targets: The tensors that change.
    ///   - factors: The factors of means.
    ///   - memory: Temporary memory.
    ///   - weights: The weights; `Out` is used for targets only.
    init(
        input: Multitensor, output: Multitensor, targets: [AxisSet] = AxisSet.all,
        factors: AxisFactors, memory: LayerMemory, weights: Projections
    ) {
        self.input = input
        self.output = output
        self.targets = targets
        self.memory = memory
        self.weights = weights
        let sources = AxisSet.all.filter { source in targets.contains { $0.isSubset(of: source) } }
        self.sources = sources
        normal = Multitensor(memory.layout, kinds: targets, width: 8)
        inverse = Multitensor(rowsOf: targets, width: 8)
        sumGradients =
            targets.count == AxisSet.all.count
            ? memory.hidden8 : Multitensor(memory.layout, kinds: sources, width: 8)
        let paths = AxisPaths(larger: sources, smaller: targets)
        sums = SumsOfLarger(
            paths, in: memory.hidden8, factors: factors, partial: memory.partial8)
        gradientSums = SumsOfSmaller(
            paths, of: sumGradients, into: memory.gradient8, factors: factors,
            partial: memory.partial8)
    }

    package func forward() {
        for kind in sources {
            ChannelProduct.forward(
                input[kind], weight: weights[kind].input.value, into: memory.hidden8[kind])
        }
        sums.compute()
        for kind in targets {
            ChannelNorm.forward(memory.hidden8[kind], into: normal[kind], inverse: inverse[kind])
            ChannelProduct.forward(
                normal[kind], weight: weights[kind].output.value, plus: input[kind],
                into: output[kind])
        }
    }

    package func backward(_ gradient: Multitensor) {
        for kind in targets {
            let out = weights[kind].output
            ChannelProduct.addGradient(normal[kind], gradient[kind], to: out.gradient)
            ChannelProduct.backward(gradient[kind], weight: out.value, into: sumGradients[kind])
            ChannelNorm.backward(
                sumGradients[kind], y: normal[kind], inverse: inverse[kind],
                into: sumGradients[kind])
        }
        gradientSums.compute()
        for kind in sources {
            let (weight, hidden) = (weights[kind].input, memory.gradient8[kind])
            ChannelProduct.addGradient(input[kind], hidden, to: weight.gradient)
            ChannelProduct.backward(
                hidden, weight: weight.value, plus: gradient[kind], into: gradient[kind])
        }
    }
}

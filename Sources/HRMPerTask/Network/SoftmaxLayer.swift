import HRMTensor

/// Softmaxes over all sets of a tensor's axes but the example axis.
///
/// `x += [softmax_S(x · In) for all S] · Out`, two channels per set.
package struct SoftmaxLayer: Layer {
    private let input: Multitensor
    private let output: Multitensor
    private let kinds: [AxisSet]
    private let memory: LayerMemory
    private let weights: Projections
    private let softmaxes: [AxisSoftmax]
    private let exponentials: Multitensor

    /// Creates the layer.
    package init(
        input: Multitensor, output: Multitensor, kinds: [AxisSet] = AxisSet.all,
        memory: LayerMemory, weights: Projections
    ) {
        self.input = input
        self.output = output
        self.kinds = kinds
        self.memory = memory
        self.weights = weights
        let layout = memory.layout
        softmaxes = kinds.map { kind in
            AxisSoftmax(
                batches: kind.contains(.example) ? layout.length(.example) : 1,
                lengths: layout.lengths(kind.without(.example)), width: kind.width)
        }
        exponentials = Multitensor(layout, kinds: kinds, width: 2)
    }

    package func forward() {
        for (kind, softmax) in zip(kinds, softmaxes) {
            softmax.forward(
                input[kind], input: weights[kind].input.value, output: weights[kind].output.value,
                exponentials: exponentials[kind], into: output[kind], scratch: memory.scratch)
        }
    }

    package func backward(_ gradient: Multitensor) {
        for (kind, softmax) in zip(kinds, softmaxes) {
            let projection = weights[kind]
            softmax.backward(
                gradient[kind], x: input[kind], input: projection.input.value,
                output: projection.output.value, exponentials: exponentials[kind],
                inputGradient: projection.input.gradient,
                outputGradient: projection.output.gradient, scratch: memory.scratch)
        }
    }
}

import HRMTensor

/// `x += silu(x · In) · Out` for each position.
package struct NonlinearLayer: Layer {
    private let input: Multitensor
    private let output: Multitensor
    private let kinds: [AxisSet]
    private let weights: Projections

    /// Creates the layer.
    package init(
        input: Multitensor, output: Multitensor, kinds: [AxisSet] = AxisSet.all,
        weights: Projections
    ) {
        self.input = input
        self.output = output
        self.kinds = kinds
        self.weights = weights
    }

    package func forward() {
        for kind in kinds {
            SiLUResidual.forward(
                input[kind], input: weights[kind].input.value, output: weights[kind].output.value,
                into: output[kind])
        }
    }

    package func backward(_ gradient: Multitensor) {
        for kind in kinds {
            let projection = weights[kind]
            SiLUResidual.backward(
                gradient[kind], x: input[kind], input: projection.input.value,
                output: projection.output.value, inputGradient: projection.input.gradient,
                outputGradient: projection.output.gradient)
        }
    }
}

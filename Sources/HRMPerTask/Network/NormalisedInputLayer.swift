import HRMTensor

/// A residual layer that reads the normalised input: `x + f(norm(x))` instead of `x + f(x)`.
struct NormalisedInputLayer: Layer {
    private let input: Multitensor
    private let output: Multitensor
    private let kinds: [AxisSet]
    private let layer: any Layer
    /// `n = norm(x)`, the layer's input, and `n + f(n)`, its output.
    private let normal: Multitensor
    private let inner: Multitensor
    private let inverse: Multitensor
    private let innerGradient: Multitensor

    /// Creates the layer.
    ///
    /// - Parameters:
    ///   - input: `x`.
    ///   - output: The new values.
    ///   - kinds: The tensors on which the layer acts.
    ///   - layer: Creates the residual layer for an input and an output.
    init(
        input: Multitensor, output: Multitensor, kinds: [AxisSet],
        layer: (_ input: Multitensor, _ output: Multitensor) -> any Layer
    ) {
        self.input = input
        self.output = output
        self.kinds = kinds
        normal = input.replacing(kinds)
        inner = input.replacing(kinds)
        inverse = Multitensor(rowsOf: kinds)
        innerGradient = input.replacing(kinds)
        self.layer = layer(normal, inner)
    }

    func forward() {
        for kind in kinds {
            ChannelNorm.forward(input[kind], into: normal[kind], inverse: inverse[kind])
        }
        layer.forward()
        for kind in kinds {
            subtract(normal[kind], from: inner[kind])
            Sum.of(input[kind], inner[kind], into: output[kind])
        }
    }

    func backward(_ gradient: Multitensor) {
        for kind in kinds { innerGradient[kind].assign(gradient[kind]) }
        layer.backward(innerGradient)
        for kind in kinds {
            subtract(gradient[kind], from: innerGradient[kind])
            ChannelNorm.backward(
                innerGradient[kind], y: normal[kind], inverse: inverse[kind],
                into: innerGradient[kind])
            Sum.of(gradient[kind], innerGradient[kind], into: gradient[kind])
        }
    }

    private func subtract(_ values: Matrix, from sum: Matrix) {
        ScaledSum.update(
            sum.regrouped(rows: 1), scale: 1, adding: values.regrouped(rows: 1), times: -1)
    }
}

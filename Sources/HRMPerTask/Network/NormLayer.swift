import HRMTensor

/// The normalisation of each tensor, channel by channel over all positions.
package struct NormLayer: Layer {
    private let input: Multitensor
    private let output: Multitensor
    private let kinds: [AxisSet]
    private let inverse: Multitensor

    /// Creates the layer; the output may be the input.
    package init(input: Multitensor, output: Multitensor, kinds: [AxisSet] = AxisSet.all) {
        self.input = input
        self.output = output
        self.kinds = kinds
        inverse = Multitensor(rowsOf: kinds)
    }

    package func forward() {
        for kind in kinds {
            ChannelNorm.forward(input[kind], into: output[kind], inverse: inverse[kind])
        }
    }

    package func backward(_ gradient: Multitensor) {
        for kind in kinds {
            ChannelNorm.backward(
                gradient[kind], y: output[kind], inverse: inverse[kind], into: gradient[kind])
        }
    }
}

package import HRMTensor

/// The network that decodes the latents of one task into all of its grids.
///
/// After Liao & Gu, *ARC-AGI Without Pretraining* (arXiv 2512.06104), as its public implementation
/// computes it. The last block computes only what reaches the heads.
package final class PerTaskNetwork {
    /// The extents of the task.
    package let layout: MultitensorLayout
    /// Weights and latents.
    package let parameters: Parameters
    /// The first layer.
    package let decoding: DecodingLayer
    /// The outputs.
    package let heads: OutputHeads
    /// The KL divergence of each tensor's latents in the last forward pass, in nats.
    package private(set) var divergences: [Double]

    private let layers: [any Layer]
    private let gradient: Multitensor
    private let tiedSoftmaxes: TiedSoftmaxes?

    /// Creates a network whose parameters are zero.
    package init(_ task: TaskTensors, options: NetworkOptions = NetworkOptions()) {
        layout = MultitensorLayout(task)
        let parameters = Parameters(
            ParameterDescription.network(
                layout, colourBiasDeviation: options.startsWithoutColourBias ? 0 : 0.25))
        self.parameters = parameters
        let memory = LayerMemory(layout)
        let start = Multitensor(layout)
        decoding = DecodingLayer(output: start, layout: layout) { parameters[$0] }
        var blocks: [NetworkBlock] = []
        let mask = task.unionMask
        let factors =
            task.outputSizesAreKnown
            ? AxisFactors.maskedMeans(layout, union: mask) : AxisFactors.means(layout)
        let canvasMask = Matrix(
            mask, rows: task.examples, columns: task.rows * task.columns)
        for number in 0..<ParameterDescription.blocks {
            blocks.append(
                NetworkBlock(
                    number: number, isLast: number == ParameterDescription.blocks - 1,
                    input: blocks.last?.output ?? start, mask: canvasMask, factors: factors,
                    memory: memory, parameters: parameters, options: options))
        }
        layers = blocks.flatMap(\.layers)
        heads = OutputHeads(input: blocks.last?.output ?? start) { parameters[$0] }
        gradient = Multitensor(layout)
        divergences = Array(repeating: 0, count: AxisSet.all.count)
        tiedSoftmaxes = options.tiesSoftmaxes ? TiedSoftmaxes(parameters) : nil
    }

    /// Draws initial parameters.
    package func initialise(using generator: inout SeededGenerator) {
        parameters.initialise(using: &generator)
        heads.equalizeModes()
        tiedSoftmaxes?.tieValues()
    }

    /// The sum of all divergences in nats.
    package var divergence: Double { divergences.reduce(0, +) }

    /// Computes the outputs from the parameters and the decoding's noise.
    package func forward() {
        decoding.forward(divergences: &divergences)
        for layer in layers { layer.forward() }
        heads.forward()
    }

    /// Computes the gradients of all parameters from those of the heads' outputs and the
    /// divergence.
    package func backward() {
        parameters.gradients.clear()
        for kind in AxisSet.all { gradient[kind].clear() }
        heads.backward(into: gradient)
        for layer in layers.reversed() { layer.backward(gradient) }
        decoding.backward(gradient)
        tiedSoftmaxes?.tieGradients()
    }
}

extension TaskTensors {
    /// The union of both grids of each example, `[E, X, Y]`: 1 inside, 0 outside.
    package var unionMask: [Float] {
        (0..<(examples * rows * columns)).map { max(mask[2 * $0], mask[2 * $0 + 1]) }
    }
}

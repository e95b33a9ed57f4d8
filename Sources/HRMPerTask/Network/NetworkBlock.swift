import HRMTensor

/// One of the network's blocks: seven residual layers, and the normalisation of their results.
struct NetworkBlock {
    /// The layers in order.
    let layers: [any Layer]
    /// The block's result; in the last block only for the tensors that the heads read.
    let output: Multitensor

    /// Creates a block.
    ///
    /// - Parameters:
    ///   - number: The block's number in the names of parameters.
    ///   - isLast: True to compute only what the heads need.
    ///   - input: All tensors.
    ///   - mask: The union of each example's grids, shape `[examples, rows · columns]`.
    ///   - factors: The factors of means.
    ///   - memory: Temporary memory.
    ///   - parameters: All parameters.
    ///   - options: Departures from the published network.
    init(
        number: Int, isLast: Bool, input: Multitensor, mask: Matrix, factors: AxisFactors,
        memory: LayerMemory, parameters: Parameters, options: NetworkOptions
    ) {
        let targets = isLast ? OutputHeads.kinds : AxisSet.all
        let kinds = AxisSet.all.filter { kind in targets.contains { $0.isSubset(of: kind) } }
        func weights(_ layer: ProjectedLayer, _ kinds: [AxisSet] = AxisSet.all) -> Projections {
            Projections(kinds) { parameters.projection(layer.name(block: number, $0)) }
        }
        var stream = input
        /// The stream's old and new values for a layer that changes some tensors.
        func step(_ kinds: [AxisSet]) -> (Multitensor, Multitensor) {
            let old = stream
            stream = stream.replacing(kinds)
            return (old, stream)
        }
        func residual(
            _ kinds: [AxisSet], _ layer: (Multitensor, Multitensor) -> any Layer
        ) -> any Layer {
            let (old, new) = step(kinds)
            return options.normalisesInputs
                ? NormalisedInputLayer(input: old, output: new, kinds: kinds, layer: layer)
                : layer(old, new)
        }
        func line(_ operation: LineLayer.Operation, _ layer: ProjectedLayer) -> any Layer {
            let (old, new) = step(LineLayer.kinds)
            return LineLayer(
                operation, input: old, output: new, mask: mask,
                hasWideDiagonals: options.hasWideDiagonals, memory: memory,
                weights: weights(layer, LineLayer.kinds))
        }

        var layers: [any Layer] = []
        var (old, new) = step(kinds)
        layers.append(
            ShareUpLayer(
                input: old, output: new, targets: kinds, memory: memory,
                weights: weights(.shareUp)))
        layers.append(
            residual(kinds) {
                SoftmaxLayer(
                    input: $0, output: $1, kinds: kinds, memory: memory,
                    weights: weights(.softmax))
            })
        layers.append(line(.runningMaximum, .runningMaximum))
        layers.append(line(.shift, .shift))
        let directed = kinds.filter { $0.contains(.direction) }
        (old, new) = step(directed)
        layers.append(
            DirectionLayer(input: old, output: new, kinds: directed, memory: memory) {
                parameters["layer.\(number).direction.\($0.tied.name)"]
            })
        layers.append(
            residual(kinds) {
                NonlinearLayer(input: $0, output: $1, kinds: kinds, weights: weights(.nonlinear))
            })
        (old, new) = step(targets)
        layers.append(
            ShareDownLayer(
                input: old, output: new, targets: targets, factors: factors, memory: memory,
                weights: weights(.shareDown)))
        layers.append(NormLayer(input: new, output: new, kinds: targets))
        self.layers = layers
        output = new
    }
}

internal import HRMModel

/// The program that moves states between slots.
package enum StateProgram {
    /// Creates the program.
    ///
    /// Its arguments are `H_init`, `L_init`, `z_H`, `z_L`, `sources` `[B·T]`, the row of the old
    /// states for each new one, `fresh` `[B]` and, with noise, `high_noise` and `low_noise`
    /// `[B, T, D]` in float32; its results are the new states.
    ///
    /// - Parameters:
    ///   - shape: The model and the batch.
    ///   - noisy: True if noise is added.
    /// - Returns: The program.
    package static func graph(_ shape: ModelShape, noisy: Bool) -> Graph {
        let builder = GraphBuilder()
        let type = shape.stateType
        let (rows, width) = (shape.batch * shape.positions, shape.configuration.hiddenSize)
        let names = [("H_init", TensorName.high), ("L_init", TensorName.low)]
        let sources = builder.argument("sources", TensorType([rows], .int32))
        let fresh = builder.argument(TensorName.fresh, TensorType([shape.batch], .boolean))
            .broadcast(to: type.shape, axes: [0])
        for (initialName, name) in names {
            let old = builder.argument(name, type)
            var new = old.reshaped([rows, width]).rows(at: sources).reshaped(type.shape)
            if shape.layout.buffers.contains(where: { $0.name == initialName }) {
                let initial = builder.argument(
                    initialName, TensorType([width], shape.precision))
                new = fresh.select(initial.broadcast(to: type.shape, axes: [2]), new)
            }
            if noisy {
                let noise = builder.argument("noise." + name, TensorType(type.shape))
                new = (new.converted(to: .float32) + noise).converted(to: shape.precision)
            }
            builder.output(name, new, donor: name)
        }
        return builder.graph
    }
}

package import HRMModel

/// The program that moves the averaged weights towards the weights, without a step.
package enum AverageProgram {
    /// Creates the program: its arguments are the weights, their averages and `rates`, its results
    /// the new averages.
    package static func graph(_ shape: ModelShape, _ optimizers: OptimizerDescription) -> Graph {
        let builder = GraphBuilder()
        let optimizers = Optimizers(builder, optimizers)
        for entry in shape.layout.entries {
            let name = TensorName.average(entry.name)
            let weight = builder.argument(entry.name, BufferType(entry.shape))
            let average = builder.argument(name, BufferType(entry.shape))
            builder.output(name, optimizers.average(average, of: weight), donor: name)
        }
        return builder.graph
    }
}

package import HRMModel

/// The model, batch and number formats of a program.
package struct ModelShape: Sendable, Hashable {
    /// The architecture.
    package var configuration: HRMConfiguration
    /// The dimensions of the data set.
    package var dimensions: PuzzleDimensions
    /// `B`, the sequences of one replica.
    package var batch: Int
    /// The number of replicas that train together.
    package var replicas: Int
    /// The number format of the stablemax loss; float64 as in the reference, if the device has it.
    package var lossElement: ElementType

    /// Creates a shape.
    package init(
        configuration: HRMConfiguration, dimensions: PuzzleDimensions, batch: Int,
        replicas: Int = 1, lossElement: ElementType = .float64
    ) {
        self.configuration = configuration
        self.dimensions = dimensions
        self.batch = batch
        self.replicas = replicas
        self.lossElement = lossElement
    }

    /// `T = P + S`.
    package var positions: Int { configuration.prefixLength + dimensions.sequenceLength }
    /// The number format of activations.
    package var precision: ElementType {
        configuration.forwardPrecision == .bfloat16 ? .bfloat16 : .float32
    }
    /// The type of `z_H` and `z_L`.
    package var stateType: BufferType {
        BufferType([batch, positions, configuration.hiddenSize], precision)
    }
    /// The positions of the weights.
    package var layout: ParameterLayout {
        ParameterLayout(configuration: configuration, dimensions: dimensions)
    }
}

package import HRMModel
package import HRMTensor

/// Noise on the initial states of a puzzle.
package struct StateNoise: Sendable {
    /// The noise on `z_H`, `[T·D]`.
    package var high: [Float]
    /// The noise on `z_L`, `[T·D]`.
    package var low: [Float]

    /// Creates noise that was drawn before, `[T·D]` each.
    package init(high: [Float], low: [Float]) {
        self.high = high
        self.low = low
    }

    /// Draws truncated normal noise, that of the slow state first.
    ///
    /// - Parameters:
    ///   - amplitude: The standard deviation of the noise; that of the initial states is 1.
    ///   - configuration: The architecture of the model.
    ///   - dimensions: The dimensions of the model's puzzles.
    ///   - generator: Draws the noise.
    package init(
        amplitude: Double, configuration: HRMConfiguration, dimensions: PuzzleDimensions,
        using generator: inout SeededGenerator
    ) {
        let distribution = TruncatedNormal(standardDeviation: amplitude)
        let count =
            (configuration.prefixLength + dimensions.sequenceLength) * configuration.hiddenSize
        func draw() -> [Float] {
            (0..<count).map { _ in distribution.next(using: &generator, precision: .float32) }
        }
        high = draw()
        low = draw()
    }
}

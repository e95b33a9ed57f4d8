/// Floating-point operations that a segment takes, by the shapes of its matrices.
///
/// A block pass takes, for each of the `T` positions of a sequence,
/// `2 · (3D² + D² + 2·D·I + I·D) + 4·T·D`: the products, and the attention. A segment runs every
/// block of every application once. A training step is two segments (the second one for the Q
/// target), and for the applications that carry gradient twice their products and two and a half
/// times their attention. Embedding, heads, losses and optimizer are not counted.
public struct SegmentCost: Sendable, Hashable {
    /// Of one sequence's segment.
    public let inference: Double
    /// Of one sequence's share of a training step.
    public let training: Double

    /// The cost of a model's segment.
    public init(configuration: HRMConfiguration, dimensions: PuzzleDimensions) {
        let width = Double(configuration.hiddenSize)
        let inner = Double(configuration.innerSize)
        let positions = Double(configuration.prefixLength + dimensions.sequenceLength)
        let products = positions * 2 * (4 * width * width + 3 * width * inner)
        let attention = positions * 4 * positions * width
        let schedule = SegmentSchedule.hierarchical(
            highCycles: configuration.highCycles, lowCycles: configuration.lowCycles,
            gradientApplications: configuration.gradientApplications ?? 2)
        func passes(_ applications: some Sequence<ModuleApplication>) -> Double {
            let layers = applications.map {
                $0.stack == SegmentSchedule.HierarchicalStack.high
                    ? configuration.highLayers : configuration.lowLayers
            }
            return Double(layers.reduce(0, +))
        }
        inference = passes(schedule.applications) * (products + attention)
        let learned = passes(schedule.applications.suffix(schedule.gradientApplications))
        training = 2 * inference + learned * (2 * products + 2.5 * attention)
    }
}

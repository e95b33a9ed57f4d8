import HRMTensor

/// Floating-point operations that a segment takes, by the shapes of its matrices.
///
/// A block pass takes, for a sequence of `T` positions, `T · 2 · 3·D·I` in the SwiGLU, and before it
/// `T · 2 · (3D² + D²) + T · 4·T·D` for products and attention, or `D · 2 · 3·T·J` where weights mix
/// the positions. Where `T·C` rows of `d` features see `M` means, the SwiGLU takes
/// `2 · (3·T·C + 2·M)·d·I`, and there is nothing before it when the positions are related. A segment runs every block of every
/// application once. A training step is one segment, a second one for the Q target if there is one,
/// and for the applications that carry gradient twice their products and two and a half times their
/// attention. Embedding, heads, losses, means and optimizer are not counted.
public struct SegmentCost: Sendable {
    /// Of one sequence's segment.
    public let inference: Double
    /// Of one sequence's share of a training step.
    public let training: Double
    /// The share of token mixing in both; zero in a model with attention.
    public let mixing: (inference: Double, training: Double)

    /// The cost of a model's segment.
    public init(configuration: HRMConfiguration, dimensions: PuzzleDimensions) {
        let width = Double(configuration.hiddenSize)
        let inner = Double(configuration.innerSize)
        let count = configuration.prefixLength + dimensions.sequenceLength
        let positions = Double(count)
        let mixes = configuration.mixesPositions
        let attends = !mixes && configuration.relations.isEmpty
        // A row's own features go into the SwiGLU and come out; a mean's go in once for all who see it.
        let pooling = configuration.pooling(positions: count)
        let rows = 3 * (pooling?.rows ?? count) + 2 * (pooling?.meanCount ?? 0)
        let mixing =
            mixes ? width * 2 * 3 * positions * Double(configuration.innerSize(of: count)) : 0
        let attention = attends ? positions * 4 * positions * width : 0
        let products =
            2 * Double(rows * configuration.symbolSize) * inner + mixing
            + (attends ? positions * 2 * 4 * width * width : 0)
        let (schedule, stacks) = (configuration.schedule, configuration.stacks)
        func passes(_ applications: some Sequence<ModuleApplication>) -> Double {
            Double(applications.reduce(0) { $0 + stacks[$1.stack].layers })
        }
        let all = passes(schedule.applications)
        let learned = passes(schedule.applications.suffix(schedule.gradientApplications))
        let segments = configuration.trainsContinue ? 2.0 : 1
        inference = all * (products + attention)
        training = segments * inference + learned * (2 * products + 2.5 * attention)
        self.mixing = (all * mixing, (segments * all + 2 * learned) * mixing)
    }
}

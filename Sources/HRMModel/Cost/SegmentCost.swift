/// The floating-point operations of a segment, computed from the shapes of its matrices.
///
/// For a sequence of `T` positions, a block takes `T · 2 · 3·D·I` operations in the SwiGLU, and
/// before it `T · 2 · (3D² + D²) + T · 4·T·D` for projections and attention, or `D · 2 · 3·T·J` for
/// token mixing. If `T·C` rows of `d` features read `M` means, the SwiGLU takes `2 · (3·T·C +
/// 2·M)·d·I`, and with relations nothing precedes it. A segment runs every block of every
/// application once. A training step is one segment, an additional one for the Q target if used,
/// and for the applications that carry gradient twice their products and two and a half times their
/// attention. Embedding, heads, losses, means and optimizer are not counted.
package struct SegmentCost: Sendable {
    /// The cost of one sequence in an inference segment.
    package let inference: Double
    /// The cost of one sequence in a training step.
    package let training: Double
    /// The part of token mixing in both costs; zero in a model with attention.
    package let mixing: (inference: Double, training: Double)

    /// Creates the costs of a model.
    package init(configuration: HRMConfiguration, dimensions: PuzzleDimensions) {
        let inner = Double(configuration.innerSize)
        let count = configuration.prefixLength + dimensions.sequenceLength
        let mixer = configuration.mixer(positions: count)
        // A row's own features pass both products of the SwiGLU; a mean passes the first one once
        // for all its readers.
        let symbols = max(1, configuration.symbolCount)
        let groups = configuration.cellGroups(positions: count).reduce(0) { $0 + $1.groups.count }
        let means = (symbols > 1 ? count : 0) + groups * symbols
        let rows = 3 * count * symbols + 2 * means
        let mixing = mixer?.kind == .tokenMixing ? mixer?.products ?? 0 : 0
        let attention = mixer?.attention ?? 0
        let products =
            2 * Double(rows * configuration.symbolSize) * inner + (mixer?.products ?? 0)
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

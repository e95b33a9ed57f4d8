/// A published model: its block stacks and the order in which they run.
///
/// In files, a family has the name of the reference's class. Blocks, embedding, heads, halting and
/// losses are shared by all families, and every option can be combined with every family.
public enum ModelFamily: String, Sendable, Codable, Hashable, CaseIterable {
    /// The Hierarchical Reasoning Model: a fast and a slow stack, with gradient through the last
    /// update of each ([Wang et al., 2025](https://arxiv.org/abs/2506.21734)).
    case hierarchical = "hrm.hrm_act_v1@HierarchicalReasoningModel_ACTV1"
    /// The Tiny Recursive Model: one small stack in both roles, with gradient through the whole
    /// last cycle ([Jolicoeur-Martineau, 2025](https://arxiv.org/abs/2510.04871)).
    case tiny = "recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1"
    /// The baseline: one stack, applied once per segment, without an inner loop. With one segment
    /// per puzzle it is a plain transformer; with more, it keeps only the outer loop of the
    /// recursion.
    case transformer = "recursive_reasoning.transformers_baseline@Model_ACTV2"
}

/// A stack of transformer blocks that a segment runs as a whole.
package struct BlockStack: Sendable, Hashable {
    /// The prefix of its parameter names.
    package let name: String
    /// The number of blocks.
    package let layers: Int
}

extension HRMConfiguration {
    /// The stacks of the family, in the order of ``ModuleApplication/stack``.
    package var stacks: [BlockStack] {
        let high = BlockStack(name: "H_level", layers: highLayers)
        let low = BlockStack(name: "L_level", layers: lowLayers)
        return switch family {
        case .hierarchical: [high, low]
        case .tiny: [low]
        case .transformer: [high]
        }
    }

    /// The schedule of a segment of the family.
    package var schedule: SegmentSchedule {
        switch family {
        case .hierarchical:
            .hierarchical(
                highCycles: highCycles, lowCycles: lowCycles,
                gradientApplications: gradientApplications ?? 2)
        case .tiny:
            .tiny(
                highCycles: highCycles, lowCycles: lowCycles,
                gradientApplications: gradientApplications)
        case .transformer: .once
        }
    }

    /// True if q_continue is trained, which costs an additional segment in every step.
    ///
    /// With one segment per puzzle there is nothing to decide, and the reference has no target
    /// either.
    public var trainsContinue: Bool { !ignoresContinue && haltMaxSteps > 1 }
}

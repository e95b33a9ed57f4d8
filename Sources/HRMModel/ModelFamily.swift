/// Which of the published models it is: what block stacks there are, and how they take turns.
///
/// On disk a family has the name of the reference's class. Everything else — blocks, embedding, heads,
/// halting, losses — is the same code for all of them, and any option can be combined with any family.
public enum ModelFamily: String, Sendable, Codable, Hashable, CaseIterable {
    /// The Hierarchical Reasoning Model: a fast and a slow stack, learning from the last update of
    /// each ([Wang et al., 2025](https://arxiv.org/abs/2506.21734)).
    case hierarchical = "hrm.hrm_act_v1@HierarchicalReasoningModel_ACTV1"
    /// The Tiny Recursive Model: one small stack in both roles, learning from the whole last cycle
    /// ([Jolicoeur-Martineau, 2025](https://arxiv.org/abs/2510.04871)).
    case tiny = "recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1"
    /// The baseline: one stack, run once a segment, without any loop within it. With one segment a
    /// puzzle it is a plain transformer; with more, only the outer loop is left of the recursion.
    case transformer = "recursive_reasoning.transformers_baseline@Model_ACTV2"
}

/// A stack of transformer blocks that a segment runs as a whole.
struct BlockStack: Sendable, Hashable {
    /// The prefix of its parameter names.
    let name: String
    /// Its blocks.
    let layers: Int
}

extension HRMConfiguration {
    /// The stacks of the family, in the order of ``ModuleApplication/stack``.
    var stacks: [BlockStack] {
        let high = BlockStack(name: "H_level", layers: highLayers)
        let low = BlockStack(name: "L_level", layers: lowLayers)
        return switch family {
        case .hierarchical: [high, low]
        case .tiny: [low]
        case .transformer: [high]
        }
    }

    /// The schedule of a segment of the family.
    public var schedule: SegmentSchedule {
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

    /// Indicates whether q_continue is trained, which costs a second segment in every step.
    ///
    /// With one segment a puzzle there is nothing to decide, and the reference has no target either.
    public var trainsContinue: Bool { !ignoresContinue && haltMaxSteps > 1 }
}

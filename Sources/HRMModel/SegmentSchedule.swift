/// One application of a module within a segment.
public struct ModuleApplication: Sendable, Hashable {
    /// Which of the two states it replaces.
    public enum State: Sendable, Hashable {
        /// `z_L ← M(z_L, z_H + e)`: the fast state, with the slow one and the input injected.
        case low
        /// `z_H ← M(z_H, z_L)`: the slow state, with the fast one injected.
        case high
    }

    /// Which block stack runs, an index.
    public var stack: Int
    /// Which state it replaces.
    public var updates: State

    /// An application.
    public init(stack: Int, updates: State) {
        self.stack = stack
        self.updates = updates
    }
}

/// What a segment is: which module application follows which, and which of them are learned from.
///
/// Recursive architectures differ in this value, not in code. The backward pass goes through the
/// last ``gradientApplications`` applications; the states that enter the first of them count as
/// constants.
public struct SegmentSchedule: Sendable, Hashable {
    /// In the order they run.
    public var applications: [ModuleApplication]
    /// `k`, how many of the last applications carry gradient.
    public var gradientApplications: Int

    /// A schedule.
    ///
    /// - Precondition: `1 ≤ gradientApplications ≤ applications.count`.
    public init(applications: [ModuleApplication], gradientApplications: Int) {
        precondition(
            gradientApplications >= 1 && gradientApplications <= applications.count,
            "\(gradientApplications) of \(applications.count) applications carry gradient")
        self.applications = applications
        self.gradientApplications = gradientApplications
    }

    /// The stacks of the hierarchical model, in ``ModuleApplication/stack``.
    public enum HierarchicalStack {
        /// The slow module's.
        public static let high = 0
        /// The fast module's.
        public static let low = 1
    }

    /// The HRM: `N` times { `T` fast updates, one slow update }, learning from the last of each
    /// (the one-step gradient) unless more is asked for.
    public static func hierarchical(
        highCycles: Int, lowCycles: Int, gradientApplications: Int = 2
    ) -> SegmentSchedule {
        let low = ModuleApplication(stack: HierarchicalStack.low, updates: .low)
        let high = ModuleApplication(stack: HierarchicalStack.high, updates: .high)
        let cycle = Array(repeating: low, count: lowCycles) + [high]
        return SegmentSchedule(
            applications: Array(repeating: cycle, count: highCycles).flatMap { $0 },
            gradientApplications: gradientApplications)
    }
}

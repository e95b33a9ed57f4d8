/// One application of a module within a segment.
package struct ModuleApplication: Sendable, Hashable {
    /// The state that an application replaces, and its injection.
    package enum Update: Sendable, Hashable {
        /// `z_L ← M(z_L, z_H + e)`: the fast state, with the slow state and the input injected.
        case low
        /// `z_H ← M(z_H, z_L)`: the slow state, with the fast state injected.
        case high
        /// `z_H ← M(z_H, e)`: the slow state, with the input injected; there is no fast state.
        case direct
    }

    /// The index of the block stack.
    package var stack: Int
    /// The state that is replaced, and its injection.
    package var updates: Update

    /// Creates an application.
    package init(stack: Int, updates: Update) {
        self.stack = stack
        self.updates = updates
    }
}

/// The module applications of a segment in order, and the number of them that carry gradient.
///
/// Recursive architectures differ only in this value. The backward pass covers the last
/// ``gradientApplications`` applications; the states that enter the first of them are treated as
/// constants.
package struct SegmentSchedule: Sendable, Hashable {
    /// The applications in the order of execution.
    package var applications: [ModuleApplication]
    /// `k`, the number of last applications that carry gradient.
    package var gradientApplications: Int

    /// True if there is a fast state.
    package var updatesLow: Bool { applications.contains { $0.updates == .low } }

    /// Creates a schedule.
    ///
    /// - Precondition: `1 ≤ gradientApplications ≤ applications.count`.
    package init(applications: [ModuleApplication], gradientApplications: Int) {
        precondition(
            gradientApplications >= 1 && gradientApplications <= applications.count,
            "\(gradientApplications) of \(applications.count) applications carry gradient")
        self.applications = applications
        self.gradientApplications = gradientApplications
    }

    /// The stacks of the hierarchical model, as values of ``ModuleApplication/stack``.
    package enum HierarchicalStack {
        /// The slow module's stack.
        package static let high = 0
        /// The fast module's stack.
        package static let low = 1
    }

    /// Returns the schedule of the HRM: `N` times { `T` fast updates, one slow update }, by default
    /// with gradient through the last update of each (the one-step gradient).
    package static func hierarchical(
        highCycles: Int, lowCycles: Int, gradientApplications: Int = 2
    ) -> SegmentSchedule {
        SegmentSchedule(
            applications: cycles(
                highCycles, of: lowCycles, high: HierarchicalStack.high, low: HierarchicalStack.low),
            gradientApplications: gradientApplications)
    }

    /// Returns the schedule of the TRM: the same cycles with one stack in both roles, by default
    /// with gradient through all `T + 1` updates of the last cycle.
    package static func tiny(
        highCycles: Int, lowCycles: Int, gradientApplications: Int? = nil
    ) -> SegmentSchedule {
        SegmentSchedule(
            applications: cycles(highCycles, of: lowCycles, high: 0, low: 0),
            gradientApplications: gradientApplications ?? lowCycles + 1)
    }

    /// The schedule of the transformer: its stack runs once, with gradient.
    package static let once = SegmentSchedule(
        applications: [ModuleApplication(stack: 0, updates: .direct)], gradientApplications: 1)

    private static func cycles(
        _ count: Int, of lowCycles: Int, high: Int, low: Int
    ) -> [ModuleApplication] {
        let cycle =
            Array(repeating: ModuleApplication(stack: low, updates: .low), count: lowCycles)
            + [ModuleApplication(stack: high, updates: .high)]
        return Array(repeating: cycle, count: count).flatMap { $0 }
    }
}

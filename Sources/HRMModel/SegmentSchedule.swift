/// One application of a module within a segment.
public struct ModuleApplication: Sendable, Hashable {
    /// Which of the two states it replaces, and what is injected.
    public enum Update: Sendable, Hashable {
        /// `z_L ← M(z_L, z_H + e)`: the fast state, with the slow one and the input injected.
        case low
        /// `z_H ← M(z_H, z_L)`: the slow state, with the fast one injected.
        case high
        /// `z_H ← M(z_H, e)`: the slow state, with the input injected; there is no fast one.
        case direct
    }

    /// Which block stack runs, an index.
    public var stack: Int
    /// Which state it replaces, and how.
    public var updates: Update

    /// An application.
    public init(stack: Int, updates: Update) {
        self.stack = stack
        self.updates = updates
    }
}

/// The module applications of a segment in order, and the number of them that carry gradient.
///
/// Recursive architectures differ in this value, not in code. The backward pass goes through the
/// last ``gradientApplications`` applications; the states that enter the first of them count as
/// constants.
public struct SegmentSchedule: Sendable, Hashable {
    /// In the order they run.
    public var applications: [ModuleApplication]
    /// `k`, how many of the last applications carry gradient.
    public var gradientApplications: Int

    /// Indicates whether there is a fast state.
    public var updatesLow: Bool { applications.contains { $0.updates == .low } }

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
        SegmentSchedule(
            applications: cycles(
                highCycles, of: lowCycles, high: HierarchicalStack.high, low: HierarchicalStack.low),
            gradientApplications: gradientApplications)
    }

    /// The TRM: the same cycles with one stack in both roles, learning from all `T + 1` updates of
    /// the last one unless it is told otherwise.
    public static func tiny(
        highCycles: Int, lowCycles: Int, gradientApplications: Int? = nil
    ) -> SegmentSchedule {
        SegmentSchedule(
            applications: cycles(highCycles, of: lowCycles, high: 0, low: 0),
            gradientApplications: gradientApplications ?? lowCycles + 1)
    }

    /// The transformer: its stack runs once, and learns.
    public static let once = SegmentSchedule(
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

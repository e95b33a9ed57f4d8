/// What each position of a sequence looks at: its row of a board, say, or its neighbours.
public struct PositionRelation: Sendable, Hashable {
    /// Groups of positions, each counting once.
    public var groups: [[Int]]
    /// The group that each position looks at.
    public var group: [Int]

    /// A relation of as many positions as `group` has elements.
    public init(groups: [[Int]], group: [Int]) {
        self.groups = groups
        self.group = group
    }

    /// Positions in classes of which everyone looks at the whole own class.
    ///
    /// - Parameter classes: The number of each position's class, from 0 without gaps.
    public init(classes: [Int]) {
        groups = Array(repeating: [], count: (classes.max() ?? -1) + 1)
        for (position, number) in classes.enumerated() { groups[number].append(position) }
        group = classes
    }
}

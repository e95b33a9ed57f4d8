/// The positions that each position of a sequence reads, such as its row of a board or its
/// neighbours.
package struct PositionRelation: Sendable, Hashable {
    /// Groups of positions, each position counting once.
    package var groups: [[Int]]
    /// The index of the group that each position reads.
    package var group: [Int]

    /// Creates a relation of as many positions as `group` has elements.
    package init(groups: [[Int]], group: [Int]) {
        self.groups = groups
        self.group = group
    }

    /// Creates an equivalence relation: each position reads its whole class.
    ///
    /// - Parameter classes: The number of each position's class, from 0 without gaps.
    package init(classes: [Int]) {
        groups = Array(repeating: [], count: (classes.max() ?? -1) + 1)
        for (position, number) in classes.enumerated() { groups[number].append(position) }
        group = classes
    }
}

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
}

/// The cells that each cell of a board reads, such as its row or its neighbours.
package struct CellGroups: Sendable, Hashable {
    /// Groups of cells, each cell counting once.
    package var groups: [[Int]]
    /// The index of the group that each cell reads.
    package var group: [Int]

    /// Creates groups for as many cells as `group` has elements.
    package init(groups: [[Int]], group: [Int]) {
        self.groups = groups
        self.group = group
    }

    /// Divides the cells into classes; each cell reads its whole class.
    ///
    /// - Parameter classes: The number of each cell's class, from 0 without gaps.
    package init(classes: [Int]) {
        groups = Array(repeating: [], count: (classes.max() ?? -1) + 1)
        for (cell, number) in classes.enumerated() { groups[number].append(cell) }
        group = classes
    }
}

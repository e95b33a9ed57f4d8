internal import CHRMKernels

/// Which positions of a sequence tell each other something, in one or several ways.
///
/// In a relation every position looks at a group of positions: at its row of a board, say, or at its
/// neighbours. Relations are mutual: who is looked at looks back. So the matrix of a relation, with
/// one common share for all its groups, is symmetric, and gradients go back the way the features came.
public struct PositionRelations: Sendable, Hashable {
    /// One relation: what each position looks at.
    public struct Relation: Sendable, Hashable {
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

    /// `T`, positions of a sequence; 0 without relations, where it does not matter.
    public let positions: Int
    /// How many relations there are.
    public let count: Int
    /// Groups of all relations.
    public let groupCount: Int

    private let first: [UInt32]
    private let members: [UInt32]
    private let relation: [UInt32]
    private let group: [UInt32]
    private let share: [Float]

    /// The relations in the order in which features will stand beside each other.
    ///
    /// A group's mean is its sum divided by the size of the relation's largest group.
    ///
    /// - Precondition: All have the same positions, and are mutual.
    public init(_ relations: [Relation] = []) {
        positions = relations.first?.group.count ?? 0
        count = relations.count
        var (first, members, relation): ([UInt32], [UInt32], [UInt32]) = ([0], [], [])
        var (group, share): ([UInt32], [Float]) = ([], [])
        for (index, each) in relations.enumerated() {
            each.requireMutual(positions: positions)
            group += each.group.map { UInt32(share.count + $0) }
            let largest = each.groups.map(\.count).max() ?? 1
            for positions in each.groups {
                members += positions.map(UInt32.init)
                first.append(UInt32(members.count))
                relation.append(UInt32(index))
                share.append(1 / Float(largest))
            }
        }
        groupCount = share.count
        (self.first, self.members, self.relation) = (first, members, relation)
        (self.group, self.share) = (group, share)
    }

    /// Runs `body` on the kernels' form of the tables.
    func withView(_ body: (hrm_relations) -> Void) {
        unsafe first.withUnsafeBufferPointer { first in
            unsafe members.withUnsafeBufferPointer { members in
                unsafe relation.withUnsafeBufferPointer { relation in
                    unsafe group.withUnsafeBufferPointer { group in
                        unsafe share.withUnsafeBufferPointer { share in
                            unsafe body(
                                hrm_relations(
                                    positions: positions, relations: count,
                                    first: first.baseAddress, members: members.baseAddress,
                                    relation: relation.baseAddress, group: group.baseAddress,
                                    share: share.baseAddress))
                        }
                    }
                }
            }
        }
    }
}

extension PositionRelations.Relation {
    fileprivate func requireMutual(positions: Int) {
        precondition(
            group.count == positions,
            "a relation of \(group.count) positions beside one of \(positions)")
        var lookers = groups.map { _ in [Int]() }
        for (position, number) in group.enumerated() { lookers[number].append(position) }
        // Whole classes, of any size, look at themselves; only what is left is looked at one by one.
        for (number, others) in groups.enumerated() where others.sorted() != lookers[number] {
            let isMutual = others.allSatisfy { other in
                (0..<positions).contains(other)
                    && lookers[number].allSatisfy { groups[group[other]].contains($0) }
            }
            precondition(
                isMutual && Set(others).count == others.count,
                "positions \(lookers[number]) look at \(others), not all of whom look back")
        }
    }
}

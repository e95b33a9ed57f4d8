/// The order in which sums over all smaller, or all larger tensors are computed.
///
/// The sum of all tensors whose axes are among those of `A`, each repeated along its missing axes,
/// needs no term for each of them. A node `(A, added)` is the sum of those that lack only axes in
/// `added`; it is tensor `A` plus, for each of these axes, the node of the tensor without it whose
/// `added` are the preceding axes. So each tensor is added once, and missing axes are filled in
/// ascending order. Means over surplus axes use the transposed sums, last axis first.
struct AxisPaths {
    struct Node {
        var kind: AxisSet
        var added: AxisSet
        /// Nodes that lack one axis.
        var links: [(node: Int, axis: Axis)]
        /// True for the complete sum of a tensor.
        var isComplete: Bool
    }

    /// The nodes, smaller tensors first.
    private(set) var nodes: [Node] = []
    private var numbers: [[AxisSet]: Int] = [:]

    /// Creates the sums of the larger tensors from the smaller ones.
    init(larger: [AxisSet] = AxisSet.all, smaller: [AxisSet] = AxisSet.all) {
        for kind in larger {
            if let number = makeNode(kind, before: Axis.allCases.count, smaller: smaller) {
                nodes[number].isComplete = true
            }
        }
        sortBySize()
    }

    /// The number of a node, created with the nodes below it; nil if it contains none of the
    /// smaller tensors.
    private mutating func makeNode(
        _ kind: AxisSet, before limit: Int, smaller: [AxisSet]
    ) -> Int? {
        let axes = kind.axes.filter { $0.rawValue < limit && kind.without($0).hasTensor }
        let added = AxisSet(axes.map { AxisSet($0) })
        if let number = numbers[[kind, added]] { return number }
        var links: [(node: Int, axis: Axis)] = []
        for axis in axes {
            if let node = makeNode(kind.without(axis), before: axis.rawValue, smaller: smaller) {
                links.append((node, axis))
            }
        }
        guard !links.isEmpty || smaller.contains(kind) else { return nil }
        nodes.append(Node(kind: kind, added: added, links: links, isComplete: false))
        numbers[[kind, added]] = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func sortBySize() {
        let order = nodes.indices.sorted {
            (nodes[$0].kind.axes.count, nodes[$0].kind.rawValue, $0)
                < (nodes[$1].kind.axes.count, nodes[$1].kind.rawValue, $1)
        }
        var place = [Int](repeating: 0, count: nodes.count)
        for (new, old) in order.enumerated() { place[old] = new }
        nodes = order.map { old in
            var node = nodes[old]
            node.links = node.links.map { (place[$0.node], $0.axis) }
            return node
        }
    }
}

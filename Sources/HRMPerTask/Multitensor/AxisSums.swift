import HRMTensor

/// Temporary tensors for incomplete sums, one per node of ``AxisPaths``; used by one sum at a time.
final class PartialSums {
    private let layout: MultitensorLayout
    private let width: Int
    private var tensors: [[AxisSet]: Matrix] = [:]

    /// Creates memory for sums of tensors with the given number of channels.
    init(_ layout: MultitensorLayout, width: Int) {
        self.layout = layout
        self.width = width
    }

    func tensor(_ node: AxisPaths.Node) -> Matrix {
        if let tensor = tensors[[node.kind, node.added]] { return tensor }
        let tensor = Matrix(rows: layout.positions(node.kind), columns: width)
        tensors[[node.kind, node.added]] = tensor
        return tensor
    }

    /// The links of a node to the nodes below it.
    fileprivate func links(
        _ node: AxisPaths.Node, factors: AxisFactors, memory: (Int) -> Matrix
    ) -> AxisLinks {
        AxisLinks(
            lengths: layout.lengths(node.kind), width: width,
            links: node.links.map { below, axis in
                let table = factors.table(node.kind, axis)
                return AxisLinks.Link(
                    to: memory(below), lacking: node.kind.axes.firstIndex(of: axis) ?? 0,
                    factors: table.values,
                    factorStrides: node.kind.axes.map { table.strides[$0] ?? 0 })
            })
    }
}

/// For each tensor, the sum of all tensors with some of its axes, repeated along the others.
struct SumsOfSmaller {
    private var steps: [(links: AxisLinks, base: Matrix, output: Matrix)] = []

    /// Creates the sums.
    ///
    /// - Parameters:
    ///   - paths: The order of the sums.
    ///   - input: The tensors to add, all with the same number of channels.
    ///   - output: The sums; not the inputs.
    ///   - factors: The factor of a value when it is repeated along an axis.
    ///   - partial: Temporary memory.
    init(
        _ paths: AxisPaths, of input: Multitensor, into output: Multitensor, factors: AxisFactors,
        partial: PartialSums
    ) {
        func memory(_ number: Int) -> Matrix {
            let node = paths.nodes[number]
            if node.isComplete { return output[node.kind] }
            return node.links.isEmpty ? input[node.kind] : partial.tensor(node)
        }
        for (number, node) in paths.nodes.enumerated()
        where node.isComplete || !node.links.isEmpty {
            steps.append(
                (
                    partial.links(node, factors: factors, memory: memory), input[node.kind],
                    memory(number)
                ))
        }
    }

    /// Computes the sums.
    func compute() {
        for step in steps { step.links.spread(step.base, into: step.output) }
    }
}

/// The transposed map of ``SumsOfSmaller``: for each tensor, the sum of all tensors with at least
/// its axes, over the others.
struct SumsOfLarger {
    private var steps: [Step] = []
    private var cleared: [Matrix] = []

    private enum Step {
        case gather(AxisLinks, from: Matrix)
        case add(Matrix, to: Matrix)
    }

    /// Creates the sums.
    ///
    /// - Parameters:
    ///   - paths: The order of the sums.
    ///   - tensors: The tensors to add, which become the sums. Those that are no complete sums
    ///     of `paths` count as zero.
    ///   - factors: The factor of a value when it is added along an axis.
    ///   - partial: Temporary memory.
    init(
        _ paths: AxisPaths, in tensors: Multitensor, factors: AxisFactors, partial: PartialSums
    ) {
        let complete = Set(paths.nodes.filter(\.isComplete).map(\.kind))
        cleared = Set(paths.nodes.map(\.kind)).subtracting(complete)
            .sorted { $0.rawValue < $1.rawValue }.map { tensors[$0] }
        func memory(_ number: Int) -> Matrix {
            let node = paths.nodes[number]
            return node.isComplete ? tensors[node.kind] : partial.tensor(node)
        }
        for kind in AxisSet.all.sorted(by: { $0.axes.count > $1.axes.count }) {
            let own = paths.nodes.indices.filter { paths.nodes[$0].kind == kind }
            for number in own where !paths.nodes[number].links.isEmpty {
                let links = partial.links(paths.nodes[number], factors: factors, memory: memory)
                steps.append(.gather(links, from: memory(number)))
            }
            for number in own where !paths.nodes[number].isComplete {
                cleared.append(memory(number))
                steps.append(.add(memory(number), to: tensors[kind]))
            }
        }
    }

    /// Computes the sums.
    func compute() {
        for tensor in cleared { tensor.clear() }
        for step in steps {
            switch step {
            case .gather(let links, let source): links.gather(source)
            case .add(let addend, let sum): Sum.of(addend, sum, into: sum)
            }
        }
    }
}

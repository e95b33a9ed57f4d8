/// Builds a ``Graph`` from expressions.
///
/// An operation that was added before with the same inputs is not added again.
package final class GraphBuilder {
    /// The graph so far.
    package private(set) var graph = Graph()
    private var known: [Graph.Node: Int] = [:]

    /// Creates a builder of an empty graph.
    package init() {}

    /// Adds an argument.
    ///
    /// - Parameters:
    ///   - name: A name for messages; it may occur once.
    ///   - type: The type.
    /// - Returns: Its value.
    package func argument(_ name: String, _ type: BufferType) -> Expression {
        precondition(
            !graph.arguments.contains { $0.name == name }, "two arguments are named '\(name)'")
        graph.arguments.append(Graph.Argument(name: name, type: type))
        return add(.argument(graph.arguments.count - 1), [], type)
    }

    /// Adds a result.
    ///
    /// - Parameters:
    ///   - name: A name for messages.
    ///   - value: Its value.
    ///   - donor: The argument whose memory it takes over, of the same type.
    package func output(_ name: String, _ value: Expression, donor: String? = nil) {
        if let donor {
            guard let index = graph.arguments.firstIndex(where: { $0.name == donor }) else {
                preconditionFailure("no argument is named '\(donor)'")
            }
            precondition(
                graph.arguments[index].type == value.type,
                "'\(name)' \(value.type) in the memory of \(graph.arguments[index].type)")
            graph.arguments[index].donatedTo = graph.outputs.count
        }
        graph.outputs.append(Graph.Output(name: name, node: value.index))
    }

    /// Returns a scalar or a tensor of equal elements.
    package func constant(
        _ value: Double, _ shape: [Int] = [], _ element: ElementType = .float32
    ) -> Expression {
        add(.splat(value), [], BufferType(shape, element))
    }

    /// Returns a vector of given elements.
    package func vector(_ values: [Double], _ element: ElementType = .float32) -> Expression {
        add(.vector(values), [], BufferType([values.count], element))
    }

    /// Returns the index along an axis.
    package func iota(_ shape: [Int], axis: Int) -> Expression {
        add(.iota(axis: axis), [], BufferType(shape, .int32))
    }

    /// Adds an operation, unless it is known.
    func add(_ operation: GraphOperation, _ inputs: [Expression], _ type: BufferType) -> Expression
    {
        precondition(
            inputs.allSatisfy { $0.builder === self }, "an expression of another graph")
        let node = Graph.Node(operation: operation, inputs: inputs.map(\.index), type: type)
        if let index = known[node] { return Expression(builder: self, index: index, type: type) }
        graph.nodes.append(node)
        known[node] = graph.nodes.count - 1
        return Expression(builder: self, index: graph.nodes.count - 1, type: type)
    }
}

/// The result of an operation in a graph that is being built.
package struct Expression {
    let builder: GraphBuilder
    let index: Int
    /// Extents and element type.
    package let type: BufferType

    /// Extents, outermost first.
    package var shape: [Int] { type.shape }
    /// The element type.
    package var element: ElementType { type.element }
}

/// A program as a value: operations in an order in which each follows its inputs.
package struct Graph: Sendable, Hashable {
    /// One operation.
    package struct Node: Sendable, Hashable {
        /// The operation.
        package var operation: GraphOperation
        /// The indices of the nodes that compute its inputs.
        package var inputs: [Int]
        /// The type of its result.
        package var type: BufferType
    }

    /// An argument of the program.
    package struct Argument: Sendable, Hashable {
        /// A name for messages.
        package var name: String
        /// The type.
        package var type: BufferType
        /// The output that takes over the argument's memory, if any.
        package var donatedTo: Int?
    }

    /// A result of the program.
    package struct Output: Sendable, Hashable {
        /// A name for messages.
        package var name: String
        /// The node that computes it.
        package var node: Int
    }

    /// All operations.
    package internal(set) var nodes: [Node] = []
    /// The arguments, in order.
    package internal(set) var arguments: [Argument] = []
    /// The results, in order.
    package internal(set) var outputs: [Output] = []

    /// Creates an empty graph.
    package init() {}

    /// The type of a result.
    package func type(ofOutput index: Int) -> BufferType { nodes[outputs[index].node].type }

    /// The nodes that the results depend on, and all arguments.
    var used: [Bool] {
        var used = nodes.map { node in
            if case .argument = node.operation { true } else { false }
        }
        for output in outputs { used[output.node] = true }
        for index in nodes.indices.reversed() where used[index] {
            for input in nodes[index].inputs { used[input] = true }
        }
        return used
    }
}

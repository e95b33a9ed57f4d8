extension Graph {
    /// The program as StableHLO text, a module with one function `main`.
    ///
    /// It has no versioned construct: every plug-in reads it. Arguments that give their memory to a
    /// result have the attribute `tf.aliasing_output`, as programs of JAX do.
    ///
    /// - Parameters:
    ///   - name: The name of the module.
    ///   - replicas: The number of replicas that run the program together.
    /// - Returns: The text.
    package func stableHLOText(name: String, replicas: Int = 1) -> String {
        var text = StableHLOWriter(graph: self).text
        let attributes =
            replicas == 1
            ? ""
            : " attributes {mhlo.num_replicas = \(replicas) : i32, mhlo.num_partitions = 1 : i32}"
        text = "module @\(name)\(attributes) {\n\(text)}\n"
        return text
    }
}

/// Writes the function of a graph.
private struct StableHLOWriter {
    let graph: Graph
    private(set) var text = ""
    /// The name of each node's value.
    private var names: [Int: String] = [:]
    private var helpers = 0

    init(graph: Graph) {
        self.graph = graph
        let used = graph.used
        for (index, node) in graph.nodes.enumerated() where used[index] {
            switch node.operation {
            case .argument(let argument): names[index] = "%arg\(argument)"
            case .stop: names[index] = names[node.inputs[0]]
            default: write(node, at: index)
            }
        }
        let results = graph.outputs.map { names[$0.node] ?? "" }
        let types = graph.outputs.map { graph.nodes[$0.node].type.description }
        text =
            header(types) + text
            + "    return \(results.joined(separator: ", ")) : \(types.joined(separator: ", "))\n"
            + "  }\n"
    }

    private func header(_ results: [String]) -> String {
        let arguments = graph.arguments.enumerated().map { index, argument in
            let alias = argument.donatedTo.map { " {tf.aliasing_output = \($0) : i32}" } ?? ""
            return "%arg\(index): \(argument.type)\(alias)"
        }
        return "  func.func public @main(\(arguments.joined(separator: ", "))) -> "
            + "(\(results.joined(separator: ", "))) {\n"
    }

    private mutating func line(_ name: String, _ text: String) {
        self.text += "    \(name) = \(text)\n"
    }

    private mutating func helper(_ text: String) -> String {
        helpers += 1
        line("%c\(helpers)", text)
        return "%c\(helpers)"
    }

    private mutating func scalar(_ value: Double, _ element: ElementType) -> String {
        let type = BufferType([], element)
        return helper("stablehlo.constant dense<\(element.literal(value))> : \(type)")
    }

    private mutating func write(_ node: Graph.Node, at index: Int) {
        let name = "%\(index)"
        names[index] = name
        let inputs = node.inputs.map { names[$0] ?? "" }
        let types = node.inputs.map { graph.nodes[$0].type }
        let type = node.type
        let list = inputs.joined(separator: ", ")
        let function =
            "(\(types.map(\.description).joined(separator: ", "))) -> \(type)"
        switch node.operation {
        case .argument, .stop: break
        case .splat(let value):
            line(name, "stablehlo.constant dense<\(type.element.literal(value))> : \(type)")
        case .vector(let values):
            let elements = values.map(type.element.literal).joined(separator: ", ")
            line(name, "stablehlo.constant dense<[\(elements)]> : \(type)")
        case .iota(let axis): line(name, "stablehlo.iota dim = \(axis) : \(type)")
        case .unary(.isFinite): line(name, "stablehlo.is_finite \(list) : \(function)")
        case .unary(let unary): line(name, "stablehlo.\(unary.rawValue) \(list) : \(type)")
        case .binary(let binary): line(name, "stablehlo.\(binary.rawValue) \(list) : \(type)")
        case .compare(let comparison):
            line(name, "stablehlo.compare \(comparison.rawValue), \(list) : \(function)")
        case .select: line(name, "stablehlo.select \(list) : \(types[0]), \(type)")
        case .convert: line(name, "stablehlo.convert \(list) : \(function)")
        case .broadcast(let axes):
            line(name, "stablehlo.broadcast_in_dim \(list), dims = \(axes) : \(function)")
        case .reshape: line(name, "stablehlo.reshape \(list) : \(function)")
        case .transpose(let order):
            line(name, "stablehlo.transpose \(list), dims = \(order) : \(function)")
        case .slice(let starts, let limits):
            let ranges = zip(starts, limits).map { "\($0):\($1)" }.joined(separator: ", ")
            line(name, "stablehlo.slice \(list) [\(ranges)] : \(function)")
        case .pad(let low, let high):
            let zero = scalar(0, type.element)
            let none = low.map { _ in 0 }
            line(
                name,
                "stablehlo.pad \(list), \(zero), low = \(low), high = \(high), interior = \(none) "
                    + ": (\(types[0]), \(BufferType([], type.element))) -> \(type)")
        case .concatenate(let axis):
            line(name, "stablehlo.concatenate \(list), dim = \(axis) : \(function)")
        case .reduce(let reduction, let axes):
            let initial = scalar(reduction.neutral(type.element), type.element)
            line(
                name,
                "stablehlo.reduce(\(list) init: \(initial)) applies stablehlo.\(reduction.rawValue) "
                    + "across dimensions = \(axes) : (\(types[0]), \(BufferType([], type.element))) "
                    + "-> \(type)")
        case .dot(let axes):
            let shared =
                axes.leftShared.isEmpty
                ? "" : "batching_dims = \(axes.leftShared) x \(axes.rightShared), "
            line(
                name,
                "stablehlo.dot_general \(list), \(shared)"
                    + "contracting_dims = \(axes.leftSummed) x \(axes.rightSummed) : \(function)")
        case .gatherRows:
            let width = types[0].shape[1]
            let column = columns(inputs[1], types[1])
            line(
                name,
                "\"stablehlo.gather\"(\(inputs[0]), \(column.name)) {dimension_numbers = "
                    + "#stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], "
                    + "start_index_map = [0], index_vector_dim = 1>, "
                    + "slice_sizes = array<i64: 1, \(width)>, indices_are_sorted = false} : "
                    + "(\(types[0]), \(column.type)) -> \(type)")
        case .scatterRows:
            let column = columns(inputs[1], types[1])
            let scalar = BufferType([], type.element)
            line(
                name,
                "\"stablehlo.scatter\"(\(inputs[0]), \(column.name), \(inputs[2])) ({\n"
                    + "      ^bb0(%old: \(scalar), %new: \(scalar)):\n"
                    + "        stablehlo.return %new : \(scalar)\n    }) "
                    + "{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], "
                    + "inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], "
                    + "index_vector_dim = 1>, indices_are_sorted = false, unique_indices = false} : "
                    + "(\(types[0]), \(column.type), \(types[2])) -> \(type)")
        case .allGather(let replicas):
            let group = (0..<replicas).map(String.init).joined(separator: ", ")
            line(
                name,
                "\"stablehlo.all_gather\"(\(list)) {all_gather_dim = 0 : i64, "
                    + "replica_groups = dense<[[\(group)]]> : tensor<1x\(replicas)xi64>} : "
                    + "\(function)")
        }
    }

    /// Writes a vector of indices as a column.
    private mutating func columns(_ name: String, _ type: BufferType) -> (
        name: String, type: BufferType
    ) {
        let column = BufferType([type.shape[0], 1], .int32)
        return (helper("stablehlo.reshape \(name) : (\(type)) -> \(column)"), column)
    }
}

extension GraphOperation.Reduction {
    /// The value that changes nothing.
    fileprivate func neutral(_ element: ElementType) -> Double {
        switch self {
        case .sum: 0
        case .all: 1
        case .maximum: element.isInteger ? Double(Int32.min) : -.infinity
        case .minimum: element.isInteger ? Double(Int32.max) : .infinity
        }
    }
}

extension ElementType {
    /// Returns a number of this type in StableHLO text.
    fileprivate func literal(_ value: Double) -> String {
        if self == .bool { return value == 0 ? "false" : "true" }
        return isFloat ? floatLiteral(value) : String(Int(value))
    }

    private func floatLiteral(_ value: Double) -> String {
        guard value.isFinite else {
            let bits: UInt64 =
                switch self {
                case .float64: value.bitPattern
                case .bfloat16: UInt64(Float(value).bitPattern >> 16)
                default: UInt64(Float(value).bitPattern)
                }
            return "0x" + String(bits, radix: 16, uppercase: true)
        }
        let text = self == .float32 ? "\(Float(value))" : "\(value)"
        // A literal has a point also before an exponent.
        guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }
}

/// Reverse-mode differentiation.
extension GraphBuilder {
    /// Adds the operations that compute the gradients of a scalar.
    ///
    /// Gradients of values that were rounded from float32 to bfloat16 are summed in float32.
    ///
    /// - Parameters:
    ///   - objective: A scalar.
    ///   - variables: Values of this graph.
    /// - Returns: The gradient of each variable, of its type; zeros if the scalar does not depend
    ///   on it.
    package func gradients(of objective: Expression, by variables: [Expression]) -> [Expression] {
        precondition(
            objective.shape.isEmpty && objective.element.isFloat,
            "the gradient of \(objective.type), which is no scalar")
        var sweep = ReverseSweep(builder: self, variables: variables)
        sweep.accumulate(constant(1, [], objective.element), into: objective)
        for index in stride(from: objective.index, through: 0, by: -1) {
            let node = graph.nodes[index]
            guard let gradient = sweep.gradients[index],
                node.inputs.contains(where: { sweep.isVariable[$0] })
            else { continue }
            sweep.pass(gradient, through: node, at: index)
        }
        return variables.map { sweep.gradients[$0.index] ?? $0.like(0) }
    }
}

/// One traversal of a graph against its direction.
struct ReverseSweep {
    let builder: GraphBuilder
    /// Whether each node depends on a variable.
    let isVariable: [Bool]
    /// The gradients of nodes, as far as they are known.
    private(set) var gradients: [Int: Expression] = [:]

    init(builder: GraphBuilder, variables: [Expression]) {
        self.builder = builder
        var reached = [Bool](repeating: false, count: builder.graph.nodes.count)
        for variable in variables { reached[variable.index] = true }
        for (index, node) in builder.graph.nodes.enumerated() where node.operation != .stop {
            if node.type.element.isFloat, node.inputs.contains(where: { reached[$0] }) {
                reached[index] = true
            }
        }
        isVariable = reached
    }

    private func value(_ index: Int) -> Expression {
        Expression(builder: builder, index: index, type: builder.graph.nodes[index].type)
    }

    /// Returns the float32 value that a bfloat16 one was rounded from, if any.
    private func source(of value: Expression) -> Expression? {
        let node = builder.graph.nodes[value.index]
        guard value.element == .bfloat16, node.operation == .convert,
            builder.graph.nodes[node.inputs[0]].type.element == .float32
        else { return nil }
        return self.value(node.inputs[0])
    }

    /// The type in which a gradient of a value is summed.
    private func sumType(of value: Expression) -> ElementType {
        source(of: value)?.element ?? value.element
    }

    /// Adds a contribution to the gradient of a value.
    mutating func accumulate(_ gradient: Expression, into value: Expression) {
        guard isVariable[value.index] else { return }
        // Rounding has the gradient 1, so that both have the same.
        let target = source(of: value) ?? value
        let own = gradient.converted(to: target.element)
        precondition(own.type == target.type, "a gradient \(own.type) of \(target.type)")
        gradients[target.index] = gradients[target.index].map { $0 + own } ?? own
    }

    /// Passes the gradient of a node's result to its inputs.
    mutating func pass(_ gradient: Expression, through node: Graph.Node, at index: Int) {
        let inputs = node.inputs.map(value)
        switch node.operation {
        case .argument, .splat, .vector, .iota, .compare, .stop: break
        case .unary(let function):
            passUnary(function, gradient, input: inputs[0], result: value(index))
        case .binary(let function): passBinary(function, gradient, inputs[0], inputs[1])
        case .select:
            let none = gradient.like(0)
            accumulate(inputs[0].select(gradient, none), into: inputs[1])
            accumulate(inputs[0].select(none, gradient), into: inputs[2])
        case .convert: accumulate(gradient, into: inputs[0])
        case .broadcast(let axes):
            let new = gradient.shape.indices.filter { !axes.contains($0) }
            accumulate(gradient.sum(over: new), into: inputs[0])
        case .reshape: accumulate(gradient.reshaped(inputs[0].shape), into: inputs[0])
        case .transpose(let order):
            let inverse = order.indices.map { axis in order.firstIndex(of: axis) ?? axis }
            accumulate(gradient.transposed(inverse), into: inputs[0])
        case .slice(let starts, let limits):
            let high = zip(inputs[0].shape, limits).map { $0 - $1 }
            accumulate(gradient.padded(low: starts, high: high), into: inputs[0])
        case .pad(let low, _):
            let limits = zip(low, inputs[0].shape).map { $0 + $1 }
            accumulate(gradient.sliced(starts: low, limits: limits), into: inputs[0])
        case .concatenate(let axis):
            var first = 0
            for input in inputs {
                let range = first..<(first + input.shape[axis])
                accumulate(gradient.sliced(range, axis: axis), into: input)
                first = range.upperBound
            }
        case .reduce(let reduction, let axes):
            passReduction(reduction, gradient, input: inputs[0], axes: axes)
        case .dot(let axes): passProduct(axes, gradient, inputs[0], inputs[1])
        case .gatherRows, .scatterRows, .allGather:
            preconditionFailure("no gradient is defined for \(node.operation)")
        }
    }

    private mutating func passUnary(
        _ function: GraphOperation.Unary, _ gradient: Expression, input x: Expression,
        result y: Expression
    ) {
        let slope: Expression
        switch function {
        case .abs: slope = x.sign
        case .cosine: slope = -x.sine
        case .exponential: slope = y
        case .log: slope = x.like(1) / x
        case .logPlusOne: slope = x.like(1) / (x + 1)
        case .logistic: slope = y * (1 - y)
        case .negate: return accumulate(-gradient, into: x)
        case .rsqrt: slope = y / x * -0.5
        case .sine: slope = x.cosine
        case .sqrt: slope = x.like(0.5) / y
        // Constant almost everywhere.
        case .ceil, .sign, .not, .isFinite: return
        }
        accumulate(gradient * slope, into: x)
    }

    private mutating func passBinary(
        _ function: GraphOperation.Binary, _ gradient: Expression, _ left: Expression,
        _ right: Expression
    ) {
        switch function {
        case .add:
            accumulate(gradient, into: left)
            accumulate(gradient, into: right)
        case .subtract:
            accumulate(gradient, into: left)
            accumulate(-gradient, into: right)
        case .multiply:
            accumulate(gradient * right, into: left)
            accumulate(gradient * left, into: right)
        case .divide:
            let share = gradient / right
            accumulate(share, into: left)
            accumulate(-(share * left / right), into: right)
        case .maximum, .minimum:
            // At a tie, the left one counts.
            let isLeft = (function == .maximum ? left : right).compared(
                .greaterOrEqual, function == .maximum ? right : left)
            accumulate(isLeft.select(gradient, gradient.like(0)), into: left)
            accumulate(isLeft.select(gradient.like(0), gradient), into: right)
        case .atan2:
            let square = left * left + right * right
            accumulate(gradient * right / square, into: left)
            accumulate(-(gradient * left / square), into: right)
        case .and, .or: break
        }
    }

    private mutating func passReduction(
        _ reduction: GraphOperation.Reduction, _ gradient: Expression, input: Expression,
        axes: [Int]
    ) {
        precondition(
            reduction == .sum,
            "no gradient is defined for the reduction \(reduction.rawValue); stop its input")
        let kept = input.shape.indices.filter { !axes.contains($0) }
        accumulate(gradient.broadcast(to: input.shape, axes: kept), into: input)
    }

    /// Passes a product's gradient: to the left factor the product of the gradient and the right
    /// factor over the right one's own axes, and vice versa.
    private mutating func passProduct(
        _ axes: GraphOperation.DotAxes, _ gradient: Expression, _ left: Expression,
        _ right: Expression
    ) {
        let shared = Array(axes.leftShared.indices)
        let (leftOwn, rightOwn) = (
            axes.leftOwn(rank: left.type.rank), axes.rightOwn(rank: right.type.rank)
        )
        // The gradient's axes: shared, the left factor's own, the right factor's own.
        let leftPlaces = leftOwn.indices.map { shared.count + $0 }
        let rightPlaces = rightOwn.indices.map { shared.count + leftOwn.count + $0 }
        if isVariable[left.index] {
            let product = gradient.converted(to: right.element).dot(
                right,
                GraphOperation.DotAxes(
                    leftShared: shared, rightShared: axes.rightShared, leftSummed: rightPlaces,
                    rightSummed: rightOwn), as: sumType(of: left))
            // Its axes: shared, own, and those summed over, in the right factor's order.
            let summed = axes.rightSummed.indices.sorted {
                axes.rightSummed[$0] < axes.rightSummed[$1]
            }
            accumulate(
                product.placing(
                    axes.leftShared + leftOwn + summed.map { axes.leftSummed[$0] }), into: left)
        }
        if isVariable[right.index] {
            let product = left.dot(
                gradient.converted(to: left.element),
                GraphOperation.DotAxes(
                    leftShared: axes.leftShared, rightShared: shared, leftSummed: leftOwn,
                    rightSummed: leftPlaces), as: sumType(of: right))
            // Its axes: shared, those summed over, in the left factor's order, and own.
            let summed = axes.leftSummed.indices.sorted {
                axes.leftSummed[$0] < axes.leftSummed[$1]
            }
            accumulate(
                product.placing(
                    axes.rightShared + summed.map { axes.rightSummed[$0] } + rightOwn),
                into: right)
        }
    }
}

extension Expression {
    /// Returns the tensor whose axis `places[i]` is this one's axis `i`.
    fileprivate func placing(_ places: [Int]) -> Expression {
        transposed(places.indices.map { axis in places.firstIndex(of: axis) ?? axis })
    }
}

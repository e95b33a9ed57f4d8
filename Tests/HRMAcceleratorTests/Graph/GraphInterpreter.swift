import Foundation

@testable import HRMAccelerator

/// Evaluates a graph in float64, with one plain loop per operation.
struct GraphInterpreter {
    let graph: Graph

    /// Returns the results for arguments, all row-major.
    func callAsFunction(_ arguments: [[Double]]) -> [[Double]] {
        var values: [[Double]] = []
        for node in graph.nodes {
            values.append(
                evaluate(
                    node,
                    node.inputs.map { Tensor(values: values[$0], type: graph.nodes[$0].type) },
                    arguments))
        }
        return graph.outputs.map { values[$0.node] }
    }

    private struct Tensor {
        var values: [Double]
        var type: BufferType

        subscript(_ index: [Int]) -> Double { values[offset(index, type.shape)] }
    }

    private func evaluate(
        _ node: Graph.Node, _ inputs: [Tensor], _ arguments: [[Double]]
    ) -> [Double] {
        let places = indices(node.type.shape)
        func map(_ body: ([Int]) -> Double) -> [Double] { places.map(body) }
        switch node.operation {
        case .argument(let index): return arguments[index]
        case .splat(let value): return map { _ in value }
        case .vector(let values): return values
        case .iota(let axis): return map { Double($0[axis]) }
        case .unary(let function): return inputs[0].values.map { unary(function, $0) }
        case .binary(let function):
            return zip(inputs[0].values, inputs[1].values).map { binary(function, $0, $1) }
        case .compare(let comparison):
            return zip(inputs[0].values, inputs[1].values).map { left, right in
                switch comparison {
                case .equal: left == right ? 1 : 0
                case .less: left < right ? 1 : 0
                case .greater: left > right ? 1 : 0
                case .greaterOrEqual: left >= right ? 1 : 0
                }
            }
        case .select:
            return places.map { inputs[0][$0] != 0 ? inputs[1][$0] : inputs[2][$0] }
        case .convert, .stop, .reshape: return inputs[0].values
        case .broadcast(let axes): return map { place in inputs[0][axes.map { place[$0] }] }
        case .transpose(let order):
            return map { place in
                var source = place
                for (axis, from) in order.enumerated() { source[from] = place[axis] }
                return inputs[0][source]
            }
        case .slice(let starts, _):
            return map { place in inputs[0][zip(place, starts).map { $0 + $1 }] }
        case .pad(let low, _):
            return map { place in
                let source = zip(place, low).map { $0 - $1 }
                let isInside = zip(source, inputs[0].type.shape).allSatisfy { $0 >= 0 && $0 < $1 }
                return isInside ? inputs[0][source] : 0
            }
        case .concatenate(let axis):
            return map { place in
                var place = place
                for input in inputs {
                    if place[axis] < input.type.shape[axis] { return input[place] }
                    place[axis] -= input.type.shape[axis]
                }
                return .nan
            }
        case .reduce(let reduction, let axes):
            return reduce(reduction, inputs[0], axes: axes, shape: node.type.shape)
        case .dot(let axes): return dot(axes, inputs[0], inputs[1], shape: node.type.shape)
        case .gatherRows:
            return map { place in inputs[0][[Int(inputs[1].values[place[0]]), place[1]]] }
        case .scatterRows:
            var result = inputs[0].values
            let width = node.type.shape[1]
            for (row, index) in inputs[1].values.enumerated()
            where index >= 0 && Int(index) < node.type.shape[0] {
                for column in 0..<width {
                    result[Int(index) * width + column] = inputs[2].values[row * width + column]
                }
            }
            return result
        case .allGather: preconditionFailure("one replica only")
        }
    }

    private func unary(_ function: GraphOperation.Unary, _ x: Double) -> Double {
        switch function {
        case .abs: abs(x)
        case .ceil: x.rounded(.up)
        case .cosine: cos(x)
        case .exponential: exp(x)
        case .log: log(x)
        case .logistic: 1 / (1 + exp(-x))
        case .negate: -x
        case .not: x == 0 ? 1 : 0
        case .rsqrt: 1 / x.squareRoot()
        case .sign: x > 0 ? 1 : (x < 0 ? -1 : 0)
        case .sine: sin(x)
        case .sqrt: x.squareRoot()
        case .isFinite: x.isFinite ? 1 : 0
        case .logPlusOne: log1p(x)
        }
    }

    private func binary(_ function: GraphOperation.Binary, _ x: Double, _ y: Double) -> Double {
        switch function {
        case .add: x + y
        case .subtract: x - y
        case .multiply: x * y
        case .divide: x / y
        case .maximum: max(x, y)
        case .minimum: min(x, y)
        case .atan2: atan2(x, y)
        case .and: x != 0 && y != 0 ? 1 : 0
        case .or: x != 0 || y != 0 ? 1 : 0
        }
    }

    private func reduce(
        _ reduction: GraphOperation.Reduction, _ input: Tensor, axes: [Int], shape: [Int]
    ) -> [Double] {
        var result = [Double?](repeating: nil, count: shape.reduce(1, *))
        for place in indices(input.type.shape) {
            let kept = place.indices.filter { !axes.contains($0) }.map { place[$0] }
            let target = offset(kept, shape)
            let value = input[place]
            result[target] =
                result[target].map { sum in
                    switch reduction {
                    case .sum: sum + value
                    case .maximum: max(sum, value)
                    case .minimum: min(sum, value)
                    case .all: min(sum, value)
                    }
                } ?? value
        }
        return result.map { $0 ?? 0 }
    }

    private func dot(
        _ axes: GraphOperation.DotAxes, _ left: Tensor, _ right: Tensor, shape: [Int]
    ) -> [Double] {
        let leftOwn = axes.leftOwn(rank: left.type.rank)
        let rightOwn = axes.rightOwn(rank: right.type.rank)
        let summed = indices(axes.leftSummed.map { left.type.shape[$0] })
        return indices(shape).map { place in
            var (l, r) = (left.type.shape, right.type.shape)
            for (index, axis) in axes.leftShared.enumerated() { l[axis] = place[index] }
            for (index, axis) in axes.rightShared.enumerated() { r[axis] = place[index] }
            let first = axes.leftShared.count
            for (index, axis) in leftOwn.enumerated() { l[axis] = place[first + index] }
            for (index, axis) in rightOwn.enumerated() {
                r[axis] = place[first + leftOwn.count + index]
            }
            return summed.reduce(0) { sum, inner in
                for (index, axis) in axes.leftSummed.enumerated() { l[axis] = inner[index] }
                for (index, axis) in axes.rightSummed.enumerated() { r[axis] = inner[index] }
                return sum + left[l] * right[r]
            }
        }
    }
}

/// The row-major offset of an index.
private func offset(_ index: [Int], _ shape: [Int]) -> Int {
    zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
}

/// All indices of a shape, row-major.
private func indices(_ shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { places, extent in
        places.flatMap { place in (0..<extent).map { place + [$0] } }
    }
}

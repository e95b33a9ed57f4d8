package import HRMTensor

/// A parameter and its gradient, views of ``Parameters``.
package struct Weight: Sendable {
    /// The parameter.
    package var value: Matrix
    /// Its gradient.
    package var gradient: Matrix

    /// Creates a weight.
    package init(value: Matrix, gradient: Matrix) {
        self.value = value
        self.gradient = gradient
    }

    /// Creates a weight with a gradient of zeros.
    package init(_ value: Matrix) {
        self.init(value: value, gradient: Matrix(rows: value.rows, columns: value.columns))
    }
}

/// The weights of `x + f(x · In) · Out`.
package struct Projection: Sendable {
    /// `In`, shape `[channels of x, channels of f]`.
    package var input: Weight
    /// `Out`, shape `[channels of f, channels of x]`.
    package var output: Weight

    /// Creates the weights.
    package init(input: Weight, output: Weight) {
        self.input = input
        self.output = output
    }
}

/// One parameter of a network.
package struct ParameterDescription: Sendable, Hashable {
    /// The name, such as `layer.0.share_up.ecx.in`.
    package var name: String
    /// The extents of the tensor, outermost first.
    package var shape: [Int]
    /// The standard deviation of the initial values, whose mean is 0.
    package var deviation: Double

    /// The number of columns, the innermost extent.
    var columns: Int { shape.last ?? 1 }
    /// The number of rows.
    var rows: Int { shape.dropLast().reduce(1, *) }
    /// The number of values.
    package var count: Int { rows * columns }
}

/// All parameters of a network in one array, with gradients and the moments of the optimizer.
package final class Parameters {
    /// The parameters in the order of the arrays.
    package let descriptions: [ParameterDescription]
    private let offsets: [String: Int]

    /// All values, shape `[1, count]`.
    let values: Matrix
    /// All gradients, shape `[1, count]`.
    let gradients: Matrix
    /// The optimizer's mean gradients, shape `[1, count]`.
    let firstMoments: Matrix
    /// The optimizer's mean square gradients, shape `[1, count]`.
    let secondMoments: Matrix

    /// Creates parameters of value zero.
    init(_ descriptions: [ParameterDescription]) {
        self.descriptions = descriptions
        var offsets: [String: Int] = [:]
        var count = 0
        for description in descriptions {
            offsets[description.name] = count
            count += description.count
        }
        self.offsets = offsets
        values = Matrix(rows: 1, columns: count)
        gradients = Matrix(rows: 1, columns: count)
        firstMoments = Matrix(rows: 1, columns: count)
        secondMoments = Matrix(rows: 1, columns: count)
    }

    /// The parameter with a name.
    package subscript(name: String) -> Weight {
        guard let offset = offsets[name],
            let description = descriptions.first(where: { $0.name == name })
        else { preconditionFailure("no parameter '\(name)'") }
        func view(_ all: Matrix) -> Matrix {
            all.reshaped(from: offset, rows: description.rows, columns: description.columns)
        }
        return Weight(value: view(values), gradient: view(gradients))
    }

    /// The weights `NAME.in` and `NAME.out`.
    func projection(_ name: String) -> Projection {
        Projection(input: self["\(name).in"], output: self["\(name).out"])
    }

    /// Draws initial values in the order of the parameters.
    func initialise(using generator: inout SeededGenerator) {
        for description in descriptions where description.deviation > 0 {
            let value = self[description.name].value
            NormalNumbers.fill(value, using: &generator)
            value.assign(value.values.map { $0 * Float(description.deviation) })
        }
    }
}

/// The weights of a layer for each tensor; tied tensors have the same.
package struct Projections: Sendable {
    private var projections: [Projection?]

    /// Creates the weights for some tensors.
    package init(_ kinds: [AxisSet], _ projection: (AxisSet) -> Projection) {
        projections = Array(repeating: nil, count: AxisSet.count)
        for kind in kinds { projections[kind.rawValue] = projection(kind) }
    }

    subscript(kind: AxisSet) -> Projection {
        guard let projection = projections[kind.rawValue] else {
            preconditionFailure("no weights for tensor \(kind.name)")
        }
        return projection
    }
}

package import HRMTensor

/// Running maxima, or shifts by a step, along the lines of each direction.
///
/// `x += norm(f(mask · x · In)) · Out`, only for tensors with example, direction, row and column.
package struct LineLayer: Layer {
    /// The operation along lines.
    package enum Operation: Sendable {
        case runningMaximum, shift
    }

    /// The tensors on which the layer acts.
    package static let kinds = [AxisSet("edxy"), AxisSet("ecdxy")]

    private let operation: Operation
    private let input: Multitensor
    private let output: Multitensor
    private let memory: LayerMemory
    private let weights: Projections
    private let canvases: [CanvasLines]
    /// The values along lines, kept for the running maximum.
    private let values: Multitensor
    private let normal: Multitensor
    private let inverse: Multitensor

    /// Creates the layer.
    ///
    /// - Parameters:
    ///   - operation: The operation along lines.
    ///   - input: The old values.
    ///   - output: The new values.
    ///   - mask: The union of each example's grids, shape `[examples, rows · columns]`.
    ///   - hasWideDiagonals: True to give diagonals the margin of rows and columns.
    ///   - memory: Temporary memory.
    ///   - weights: The weights.
    package init(
        _ operation: Operation, input: Multitensor, output: Multitensor, mask: Matrix,
        hasWideDiagonals: Bool = false, memory: LayerMemory, weights: Projections
    ) {
        self.operation = operation
        self.input = input
        self.output = output
        self.memory = memory
        self.weights = weights
        let layout = memory.layout
        canvases = Self.kinds.map { kind in
            CanvasLines(
                examples: layout.length(.example),
                colours: kind.contains(.colour) ? layout.length(.colour) : 1,
                rows: layout.length(.row), columns: layout.length(.column), mask: mask,
                hasWideDiagonals: hasWideDiagonals)
        }
        values =
            operation == .shift ? memory.lines : Multitensor(layout, kinds: Self.kinds, width: 4)
        normal = Multitensor(layout, kinds: Self.kinds, width: 4)
        inverse = Multitensor(rowsOf: Self.kinds, width: 4)
    }

    package func forward() {
        for (kind, canvas) in zip(Self.kinds, canvases) {
            ChannelProduct.forward(
                input[kind], weight: weights[kind].input.value, into: values[kind])
            switch operation {
            case .runningMaximum:
                canvas.runningMaximum(values[kind], into: normal[kind], scratch: memory.scratch)
            case .shift:
                canvas.shift(values[kind], into: normal[kind])
            }
            ChannelNorm.forward(normal[kind], into: normal[kind], inverse: inverse[kind])
            ChannelProduct.forward(
                normal[kind], weight: weights[kind].output.value, plus: input[kind],
                into: output[kind])
        }
    }

    package func backward(_ gradient: Multitensor) {
        for (kind, canvas) in zip(Self.kinds, canvases) {
            let projection = weights[kind]
            var hidden = memory.lineGradients[kind]
            ChannelProduct.addGradient(
                normal[kind], gradient[kind], to: projection.output.gradient)
            ChannelProduct.backward(
                gradient[kind], weight: projection.output.value, into: hidden)
            ChannelNorm.backward(hidden, y: normal[kind], inverse: inverse[kind], into: hidden)
            switch operation {
            case .runningMaximum:
                canvas.runningMaximumBackward(hidden, z: values[kind], scratch: memory.scratch)
            case .shift:
                canvas.shiftBackward(hidden, into: memory.lines[kind])
                hidden = memory.lines[kind]
            }
            ChannelProduct.addGradient(input[kind], hidden, to: projection.input.gradient)
            ChannelProduct.backward(
                hidden, weight: projection.input.value, plus: gradient[kind],
                into: gradient[kind])
        }
    }
}

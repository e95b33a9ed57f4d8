internal import CHRMKernels

/// A weight in the layout the matrix products want, rounded to the precision of the forward pass.
///
/// It is a copy: after each optimizer step the master weight is packed again.
public struct PackedWeight: Sendable {
    /// Output features of the product.
    public let outputs: Int
    /// Input features of the product.
    public let inputs: Int
    /// What the weights are rounded to.
    public let precision: Precision
    private let transposed: Bool
    private let panels: Matrix

    /// Room for a weight of shape `[outputs, inputs]`: `y = x · Wᵀ`.
    public init(outputs: Int, inputs: Int, precision: Precision) {
        self.init(outputs: outputs, inputs: inputs, precision: precision, transposed: false)
    }

    /// Room for the transpose of a weight of shape `[inputs, outputs]`: `dx = dy · W`, which takes
    /// the gradient of a linear layer's output to that of its input.
    public static func transposed(outputs: Int, inputs: Int, precision: Precision) -> PackedWeight {
        PackedWeight(outputs: outputs, inputs: inputs, precision: precision, transposed: true)
    }

    private init(outputs: Int, inputs: Int, precision: Precision, transposed: Bool) {
        precondition(outputs >= 1 && inputs >= 1, "a weight of shape [\(outputs), \(inputs)]")
        self.outputs = outputs
        self.inputs = inputs
        self.precision = precision
        self.transposed = transposed
        let width = unsafe KernelPath.active.kernels.panel_width
        panels = Matrix(rows: (outputs + width - 1) / width, columns: inputs * width)
    }

    /// Packs one worker's share of a float32 weight.
    ///
    /// - Parameters:
    ///   - weight: Shape `[outputs, inputs]`; `[inputs, outputs]` for a transposed weight.
    ///   - share: Whose panels to fill.
    public func pack(_ weight: Matrix, share: (worker: Int, of: Workers) = (0, Workers(count: 1))) {
        weight.require(
            "the weight", rows: transposed ? inputs : outputs,
            columns: transposed ? outputs : inputs, .float32)
        let range = share.of.share(of: panels.rows, worker: share.worker)
        unsafe KernelPath.active.kernels.pack(
            weight.floats(), weight.stride, transposed ? 1 : 0, precision.code,
            range.lowerBound, range.upperBound, packed)
    }

    var packed: hrm_packed {
        unsafe hrm_packed(panels: panels.floats(), columns: outputs, depth: inputs)
    }

    func scratch(_ scratch: Scratch) -> UnsafeMutableRawPointer {
        unsafe scratch.reserve(KernelPath.active.kernels.linear_scratch(outputs, inputs))
    }

    /// Traps unless `x` can be multiplied by the weight.
    func requireInput(_ x: Matrix) {
        x.require("the input of a linear layer", rows: x.rows, columns: inputs, precision)
    }
}

internal import CHRMKernels

/// A weight in the memory layout of the matrix products, rounded to the precision of the forward
/// pass.
///
/// It is a copy of the master weight, which must be packed again after each optimizer step.
package struct PackedWeight: Sendable {
    /// The arrangement of the weight.
    package enum Layout: Sendable, Hashable {
        /// A weight of shape `[outputs, inputs]`: `y = x · Wᵀ`.
        case plain
        /// The same, where the outputs are `[gate | up]` of a SwiGLU: see `Linear.forwardSwiGLU`.
        case gated
        /// A weight of shape `[inputs, outputs]`: `dx = dy · W`, which maps the gradient of a
        /// linear layer's output to that of its input.
        case transposed
    }

    /// The number of output features of the product.
    package let outputs: Int
    /// The number of input features of the product.
    package let inputs: Int
    /// The precision that the weights are rounded to.
    package let precision: Precision
    /// The arrangement of the weight.
    package let layout: Layout
    private let panels: Matrix

    /// Allocates memory for a weight.
    ///
    /// - Parameters:
    ///   - outputs: The number of output features of the product; even for a gated layout.
    ///   - inputs: The number of input features of the product.
    ///   - precision: The precision that the weights are rounded to.
    ///   - layout: The arrangement of the weight.
    package init(outputs: Int, inputs: Int, precision: Precision, layout: Layout = .plain) {
        precondition(outputs >= 1 && inputs >= 1, "a weight of shape [\(outputs), \(inputs)]")
        precondition(
            layout != .gated || outputs.isMultiple(of: 2), "gate and up in \(outputs) columns")
        self.outputs = outputs
        self.inputs = inputs
        self.precision = precision
        self.layout = layout
        let kernels = unsafe KernelPath.active.kernels
        let bytes = unsafe kernels.panel_bytes(precision.code, inputs)
        panels = Matrix(
            rows: unsafe kernels.panel_count(outputs, layout == .gated ? 1 : 0),
            columns: bytes / MemoryLayout<Float>.stride)
    }

    /// Packs one worker's share of a float32 weight.
    ///
    /// - Parameters:
    ///   - weight: Shape `[outputs, inputs]`; `[inputs, outputs]` for a transposed layout.
    ///   - share: The worker whose panels are filled, and all workers.
    package func pack(_ weight: Matrix, share: (worker: Int, of: Workers) = (0, Workers(count: 1))) {
        let isTransposed = layout == .transposed
        weight.require(
            "the weight", rows: isTransposed ? inputs : outputs,
            columns: isTransposed ? outputs : inputs, .float32)
        let range = share.of.share(of: panels.rows, worker: share.worker)
        unsafe KernelPath.active.kernels.pack(
            weight.floats(), weight.stride, isTransposed ? 1 : 0, precision.code,
            range.lowerBound, range.upperBound, packed)
    }

    var packed: hrm_packed {
        unsafe hrm_packed(
            panels: panels.address(row: 0), columns: outputs, depth: inputs,
            paired: layout == .gated ? 1 : 0)
    }

    func scratch(_ scratch: Scratch) -> UnsafeMutableRawPointer {
        unsafe scratch.reserve(KernelPath.active.kernels.linear_scratch(outputs, inputs))
    }

    /// Traps unless `x` can be multiplied by the weight.
    func requireInput(_ x: Matrix, gated: Bool = false) {
        x.require("the input of a linear layer", rows: x.rows, columns: inputs, precision)
        precondition((layout == .gated) == gated, "a weight packed as \(layout)")
    }
}

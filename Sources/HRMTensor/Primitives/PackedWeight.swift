internal import CHRMKernels

/// A weight in the layout the matrix products want, rounded to the precision of the forward pass.
///
/// It is a copy: after each optimizer step the master weight is packed again.
public struct PackedWeight: Sendable {
    /// Which weight it is a copy of.
    public enum Layout: Sendable, Hashable {
        /// A weight of shape `[outputs, inputs]`: `y = x · Wᵀ`.
        case plain
        /// The same, where the outputs are `[gate | up]` of a SwiGLU: see `Linear.forwardSwiGLU`.
        case gated
        /// A weight of shape `[inputs, outputs]`: `dx = dy · W`, which takes the gradient of a
        /// linear layer's output to that of its input.
        case transposed
    }

    /// Output features of the product.
    public let outputs: Int
    /// Input features of the product.
    public let inputs: Int
    /// The precision that the weights are rounded to.
    public let precision: Precision
    /// Which weight it is a copy of.
    public let layout: Layout
    private let panels: Matrix

    /// Room for a weight.
    ///
    /// - Parameters:
    ///   - outputs: Output features of the product; an even number for a gated layout.
    ///   - inputs: Input features of the product.
    ///   - precision: What the weights are rounded to.
    ///   - layout: Which weight it is a copy of.
    public init(outputs: Int, inputs: Int, precision: Precision, layout: Layout = .plain) {
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
    ///   - share: Whose panels to fill.
    public func pack(_ weight: Matrix, share: (worker: Int, of: Workers) = (0, Workers(count: 1))) {
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

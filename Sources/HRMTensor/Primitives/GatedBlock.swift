internal import CHRMKernels

/// A SwiGLU with residual and norm in one pass over its rows, for weights with few features: all
/// operations of some rows are completed while they are in the first-level cache.
package enum GatedBlock {
    /// Computes `[gate | up] = x · Wᵀ + sums; y = RMSNorm(x + (silu(gate) ∘ up) · Vᵀ)`.
    ///
    /// - Parameters:
    ///   - x: Shape `[rows, d]`, in the weights' precision.
    ///   - gateUp: `W`, in gated layout.
    ///   - sums: One for each row, `[gate | up]` wide, float32.
    ///   - down: `V`.
    ///   - epsilon: Added to the mean square.
    ///   - kept: Receives `[gate | up]`, shape `[rows, 2·I]`, for the backward pass.
    ///   - y: Shape `[rows, d]`; overwritten. Not `x`.
    ///   - inverseRMS: Shape `[rows, 1]`, float32; overwritten.
    ///   - scratch: The worker's scratch memory.
    package static func forward(
        _ x: Matrix, gateUp: PackedWeight, adding sums: RowSums?, down: PackedWeight,
        epsilon: Float, keeping kept: Matrix?, into y: Matrix, inverseRMS: Matrix,
        scratch: Scratch
    ) {
        gateUp.requireInput(x, gated: true)
        y.require("the normed sum", rows: x.rows, columns: x.columns, x.precision)
        precondition(!y.sharesMemory(with: x), "the output of a block is its input")
        requireDown(down, inputs: gateUp.outputs / 2, outputs: gateUp.inputs, x.precision)
        kept?.require("gate and up", rows: x.rows, columns: gateUp.outputs, x.precision)
        sums?.requireFit(rows: x.rows, columns: gateUp.outputs, .float32)
        inverseRMS.require("the inverse RMS", rows: x.rows, columns: 1, .float32)
        inverseRMS.requireNoGaps("the inverse RMS")
        let kernels = unsafe KernelPath.active.kernels
        let memory = unsafe scratch.reserve(
            kernels.gated_block_scratch(gateUp.inputs, gateUp.outputs / 2))
        unsafe sums.withView { sums in
            unsafe kernels.gated_block(
                x.precision.code, x.rows,
                hrm_gated_block(
                    x: x.view, gate_up: gateUp.packed, sums: sums, down: down.packed,
                    epsilon: epsilon, kept: kept?.view ?? .none, y: y.view,
                    inverse_rms: inverseRMS.floats()), memory)
        }
    }

    /// Computes the gradients of the norm's input and of `[gate | up]` from that of the output.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output, shape `[rows, d]`.
    ///   - y: The output.
    ///   - inverseRMS: Shape `[rows, 1]`, float32.
    ///   - down: `V`, in the transposed layout.
    ///   - gateUp: `[gate | up]` of the forward pass, shape `[rows, 2·I]`.
    ///   - sum: The gradient of the norm's input, shape `[rows, d]`; overwritten.
    ///   - gradient: The gradient of `[gate | up]`, shape `[rows, 2·I]`; overwritten.
    ///   - activation: The recomputed `silu(gate) ∘ up`, shape `[rows, I]`; overwritten.
    ///   - scratch: The worker's scratch memory.
    package static func backward(
        _ dy: Matrix, y: Matrix, inverseRMS: Matrix, down: PackedWeight, gateUp: Matrix,
        sum: Matrix, gradient: Matrix, activation: Matrix, scratch: Scratch
    ) {
        requireDown(down, inputs: dy.columns, outputs: activation.columns, dy.precision)
        y.require("the norm's output", rows: dy.rows, columns: dy.columns, dy.precision)
        sum.require("the gradient of the sum", rows: dy.rows, columns: dy.columns, dy.precision)
        inverseRMS.require("the inverse RMS", rows: dy.rows, columns: 1, .float32)
        inverseRMS.requireNoGaps("the inverse RMS")
        let inner = down.outputs
        gateUp.require("gate and up", rows: dy.rows, columns: 2 * inner, dy.precision)
        gradient.require("their gradient", rows: dy.rows, columns: 2 * inner, dy.precision)
        activation.require("the SwiGLU", rows: dy.rows, columns: inner, dy.precision)
        let kernels = unsafe KernelPath.active.kernels
        unsafe kernels.gated_backward(
            dy.precision.code, dy.rows,
            hrm_gated_gradient(
                y_gradient: dy.view, y: y.view, inverse_rms: inverseRMS.floats(),
                down: down.packed, kept: gateUp.view, sum_gradient: sum.view,
                gate_up_gradient: gradient.view, active: activation.view),
            scratch.reserve(kernels.gated_backward_scratch(down.inputs, inner)))
    }

    /// Computes `y = x · Wᵀ + addend + sums`, for the gradient of a block's input.
    ///
    /// - Parameters:
    ///   - x: Shape `[rows, inputs]`, in the weight's precision.
    ///   - weight: `W`.
    ///   - addend: Shape `[rows, outputs]`, the precision of `x`.
    ///   - sums: One for each row, float32.
    ///   - y: Shape `[rows, outputs]`, the precision of `x`; overwritten. Not the addend.
    ///   - scratch: The worker's scratch memory.
    package static func add(
        _ x: Matrix, _ weight: PackedWeight, adding addend: Matrix, sums: RowSums?,
        into y: Matrix, scratch: Scratch
    ) {
        weight.requireInput(x)
        addend.require("the addend", rows: x.rows, columns: weight.outputs, x.precision)
        y.require("the sum", rows: x.rows, columns: weight.outputs, x.precision)
        precondition(!y.sharesMemory(with: addend), "the sum of a block is its addend")
        sums?.requireFit(rows: x.rows, columns: weight.outputs, .float32)
        let kernels = unsafe KernelPath.active.kernels
        let memory = unsafe scratch.reserve(
            kernels.add_block_scratch(weight.outputs, weight.inputs))
        unsafe sums.withView { sums in
            unsafe kernels.add_block(
                x.precision.code, x.rows, x.view, weight.packed, addend.view, sums, y.view, memory)
        }
    }

    private static func requireDown(
        _ down: PackedWeight, inputs: Int, outputs: Int, _ precision: Precision
    ) {
        precondition(
            down.inputs == inputs && down.outputs == outputs && down.layout != .gated
                && down.precision == precision,
            "a down projection of \(down.inputs) to \(down.outputs), \(down.layout), for "
                + "\(inputs) to \(outputs)")
    }
}

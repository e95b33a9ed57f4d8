internal import CHRMKernels

/// Products with a weight, fused with the model's subsequent operations into one pass over memory.
///
/// `x` has shape `[rows, inputs]` in the weight's precision. Sums are float32.
package enum Linear {
    /// Computes `y = x · Wᵀ + bias`.
    ///
    /// - Parameters:
    ///   - x: Shape `[rows, inputs]`, in the weight's precision.
    ///   - weight: `W`.
    ///   - bias: Shape `[1, outputs]`, float32.
    ///   - y: Shape `[rows, outputs]`, of either precision; overwritten.
    ///   - scratch: The worker's scratch memory.
    package static func forward(
        _ x: Matrix, _ weight: PackedWeight, bias: Matrix? = nil, into y: Matrix, scratch: Scratch
    ) {
        weight.requireInput(x)
        y.require("the output of a linear layer", rows: x.rows, columns: weight.outputs)
        bias?.require("the bias", rows: 1, columns: weight.outputs, .float32)
        unsafe KernelPath.active.kernels.linear(
            x.precision.code, x.rows, x.view, weight.packed,
            bias.map { unsafe UnsafePointer($0.floats()) },
            y.precision.code, y.view, weight.scratch(scratch))
    }

    /// Computes `y = x · Wᵀ + addend + sums`.
    ///
    /// - Parameters:
    ///   - x: Shape `[rows, inputs]`, in the weight's precision.
    ///   - weight: `W`.
    ///   - addend: Shape `[rows, outputs]`, the precision of `x`; may be `y` itself.
    ///   - sums: One for each row, the precision of `x`.
    ///   - y: Shape `[rows, outputs]`, the precision of `x`; overwritten.
    ///   - scratch: The worker's scratch memory.
    package static func forward(
        _ x: Matrix, _ weight: PackedWeight, adding addend: Matrix, sums: RowSums? = nil,
        into y: Matrix, scratch: Scratch
    ) {
        weight.requireInput(x)
        addend.require("the addend", rows: x.rows, columns: weight.outputs, x.precision)
        y.require("the sum", rows: x.rows, columns: weight.outputs, x.precision)
        sums?.requireFit(rows: y.rows, columns: y.columns, y.precision)
        unsafe sums.withView { sums in
            unsafe KernelPath.active.kernels.linear_add(
                x.precision.code, x.rows, x.view, weight.packed, addend.view, sums, y.view,
                weight.scratch(scratch))
        }
    }

    /// Computes `qkv = x · Wᵀ` and rotates queries and keys by their positions' angles.
    ///
    /// - Parameters:
    ///   - x: Shape `[rows, inputs]`, in the weight's precision.
    ///   - weight: `W`.
    ///   - rotary: Angles and head layout; sequences of `rotary.positions` rows are consecutive.
    ///   - firstRow: The index of the first row, if `x` is a part of all sequences' rows.
    ///   - qkv: Shape `[rows, 3 · heads · headSize]`: all queries, then keys, then values.
    ///   - scratch: The worker's scratch memory.
    package static func forwardRotary(
        _ x: Matrix, _ weight: PackedWeight, rotary: RotaryEmbedding, firstRow: Int = 0,
        into qkv: Matrix, scratch: Scratch
    ) {
        weight.requireInput(x)
        qkv.require("qkv", rows: x.rows, columns: weight.outputs, x.precision)
        precondition(
            weight.outputs == 3 * rotary.headCount * rotary.headSize && firstRow >= 0,
            "qkv \(qkv.shapeDescription) for \(rotary.headCount) heads of \(rotary.headSize), "
                + "from row \(firstRow)")
        unsafe KernelPath.active.kernels.linear_rotary(
            x.precision.code, firstRow, x.rows, x.view, weight.packed, rotary.view, qkv.view,
            weight.scratch(scratch))
    }

    /// Computes `y = RMSNorm(residual + x · Wᵀ)`, without a learned gain.
    ///
    /// - Parameters:
    ///   - x: Shape `[rows, inputs]`, in the weight's precision.
    ///   - weight: `W`.
    ///   - residual: Shape `[rows, outputs]`.
    ///   - epsilon: Added to the mean square.
    ///   - y: Shape `[rows, outputs]`; overwritten.
    ///   - inverseRMS: Shape `[rows, 1]`, float32; `1 / √(mean(s²) + epsilon)`, for the backward
    ///     pass.
    ///   - scratch: The worker's scratch memory.
    package static func forwardResidualNorm(
        _ x: Matrix, _ weight: PackedWeight, residual: Matrix, epsilon: Float, into y: Matrix,
        inverseRMS: Matrix, scratch: Scratch
    ) {
        weight.requireInput(x)
        residual.require("the residual", rows: x.rows, columns: weight.outputs, x.precision)
        y.require("the normed sum", rows: x.rows, columns: weight.outputs, x.precision)
        inverseRMS.require("the inverse RMS", rows: x.rows, columns: 1, .float32)
        inverseRMS.requireNoGaps("the inverse RMS")
        unsafe KernelPath.active.kernels.linear_residual_norm(
            x.precision.code, x.rows, x.view, weight.packed, residual.view, epsilon, y.view,
            inverseRMS.floats(), weight.scratch(scratch))
    }

    /// Computes `[gate | up] = x · Wᵀ + sums; y = silu(gate) ∘ up`.
    ///
    /// - Parameters:
    ///   - x: Shape `[rows, inputs]`, in the weight's precision.
    ///   - weight: `W`, in gated layout.
    ///   - sums: One for each row, `[gate | up]` wide, in the precision of `x`.
    ///   - y: Shape `[rows, outputs / 2]`; overwritten.
    ///   - gateUp: Keeps `[gate | up]`, shape `[rows, outputs]`, for the backward pass.
    ///   - scratch: The worker's scratch memory.
    package static func forwardSwiGLU(
        _ x: Matrix, _ weight: PackedWeight, adding sums: RowSums? = nil, into y: Matrix,
        gateUp: Matrix?, scratch: Scratch
    ) {
        weight.requireInput(x, gated: true)
        y.require("the SwiGLU", rows: x.rows, columns: weight.outputs / 2, x.precision)
        gateUp?.require("gate and up", rows: x.rows, columns: weight.outputs, x.precision)
        sums?.requireFit(rows: x.rows, columns: weight.outputs, x.precision)
        unsafe sums.withView { sums in
            unsafe KernelPath.active.kernels.linear_swiglu(
                x.precision.code, x.rows, x.view, weight.packed, sums, y.view,
                gateUp?.view ?? .none, weight.scratch(scratch))
        }
    }

    /// Computes the gradient of `[gate | up]` from that of the down projection's output.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the down projection's output, shape `[rows, D]`.
    ///   - weight: The down projection's weight, transposed: `D` inputs, `I` outputs.
    ///   - gateUp: `[gate | up]` from the forward pass, shape `[rows, 2·I]`.
    ///   - gradient: The gradient of `[gate | up]`, shape `[rows, 2·I]`; overwritten.
    ///   - activation: The recomputed `silu(gate) ∘ up`, shape `[rows, I]`; overwritten.
    ///   - scratch: The worker's scratch memory.
    package static func backwardSwiGLU(
        _ dy: Matrix, _ weight: PackedWeight, gateUp: Matrix, gradient: Matrix,
        activation: Matrix, scratch: Scratch
    ) {
        weight.requireInput(dy)
        gateUp.require("gate and up", rows: dy.rows, columns: 2 * weight.outputs, dy.precision)
        gradient.require("their gradient", rows: dy.rows, columns: 2 * weight.outputs, dy.precision)
        activation.require("the SwiGLU", rows: dy.rows, columns: weight.outputs, dy.precision)
        unsafe KernelPath.active.kernels.linear_swiglu_backward(
            dy.precision.code, dy.rows, dy.view, weight.packed, gateUp.view, gradient.view,
            activation.view, weight.scratch(scratch))
    }

    /// Computes `gradient += dyᵀ · x`, the gradient of a weight.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the layer's output, shape `[rows, outputs]`.
    ///   - x: The layer's input, shape `[rows, inputs]`.
    ///   - gradient: Shape `[outputs, inputs]`, float32; added to.
    ///   - scratch: The worker's scratch memory.
    package static func accumulateWeightGradient(
        _ dy: Matrix, _ x: Matrix, into gradient: Matrix, scratch: Scratch
    ) {
        x.require("the layer's input", rows: dy.rows, columns: gradient.columns, dy.precision)
        gradient.require("the weight gradient", rows: dy.columns, columns: x.columns, .float32)
        let kernels = unsafe KernelPath.active.kernels
        let bytes = unsafe kernels.weight_gradient_scratch(dy.rows, dy.columns, x.columns)
        unsafe kernels.weight_gradient(
            dy.precision.code, dy.rows, dy.view, dy.columns, x.view, x.columns, gradient.floats(),
            gradient.stride, scratch.reserve(bytes))
    }
}

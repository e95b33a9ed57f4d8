internal import CHRMKernels

/// Products of the channels of each position with a small matrix, `y = x · W`.
///
/// Tensors are `[positions, channels]`, weights `[inputs, outputs]`, with 2, 4, 8 or 16 channels.
package enum ChannelProduct {
    /// Pairs of inputs and outputs that the kernels have.
    private static func requirePair(_ inputs: Int, _ outputs: Int) {
        let known =
            [16, 8].contains(outputs) && [16, 8, 4, 2].contains(inputs)
            || [4, 2].contains(outputs) && [16, 8].contains(inputs)
        precondition(known, "no product of \(inputs) with \(outputs) channels")
    }

    /// Computes `y = x · W + bias + addend`.
    ///
    /// - Parameters:
    ///   - x: Shape `[N, inputs]`.
    ///   - weight: Shape `[inputs, outputs]`.
    ///   - bias: Shape `[1, outputs]`.
    ///   - addend: Shape `[N, outputs]`; may be `y`.
    ///   - y: Shape `[N, outputs]`; overwritten.
    package static func forward(
        _ x: Matrix, weight: Matrix, bias: Matrix? = nil, plus addend: Matrix? = nil, into y: Matrix
    ) {
        requirePair(x.columns, y.columns)
        let (n, inputs, outputs) = (x.rows, x.columns, y.columns)
        unsafe KernelPath.multitensor.product(
            n, inputs, outputs, x.tensor("the input", positions: n, width: inputs),
            weight.tensor("the weight", positions: inputs, width: outputs),
            bias?.tensor("the bias", positions: 1, width: outputs),
            addend?.tensor("the addend", positions: n, width: outputs),
            y.tensor("the output", positions: n, width: outputs))
    }

    /// Computes the gradient of the input, `dx = dy · Wᵀ + addend`.
    ///
    /// - Parameters:
    ///   - dy: Shape `[N, outputs]`.
    ///   - weight: Shape `[inputs, outputs]`.
    ///   - addend: Shape `[N, inputs]`; may be `dx`.
    ///   - dx: Shape `[N, inputs]`; overwritten.
    package static func backward(
        _ dy: Matrix, weight: Matrix, plus addend: Matrix? = nil, into dx: Matrix
    ) {
        requirePair(dy.columns, dx.columns)
        let (n, inputs, outputs) = (dx.rows, dx.columns, dy.columns)
        unsafe KernelPath.multitensor.product_backward(
            n, inputs, outputs, dy.tensor("the output gradient", positions: n, width: outputs),
            weight.tensor("the weight", positions: inputs, width: outputs),
            addend?.tensor("the addend", positions: n, width: inputs),
            dx.tensor("the input gradient", positions: n, width: inputs))
    }

    /// Adds `xᵀ · dy` to the gradient of the weight.
    package static func addGradient(_ x: Matrix, _ dy: Matrix, to gradient: Matrix) {
        requirePair(x.columns, dy.columns)
        let (n, inputs, outputs) = (x.rows, x.columns, dy.columns)
        unsafe KernelPath.multitensor.product_gradient(
            n, inputs, outputs, x.tensor("the input", positions: n, width: inputs),
            dy.tensor("the output gradient", positions: n, width: outputs),
            gradient.tensor("the weight gradient", positions: inputs, width: outputs))
    }

    /// Adds the sum of `dy` over all positions to the gradient of the bias.
    package static func addBiasGradient(_ dy: Matrix, to gradient: Matrix) {
        dy.requireWidth("the output gradient", [2, 4, 8, 16])
        unsafe KernelPath.multitensor.bias_gradient(
            dy.rows, dy.columns,
            dy.tensor("the output gradient", positions: dy.rows, width: dy.columns),
            gradient.tensor("the bias gradient", positions: 1, width: dy.columns))
    }
}

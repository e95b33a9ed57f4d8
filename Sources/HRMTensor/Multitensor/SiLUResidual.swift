internal import CHRMKernels

/// `y = x + silu(x · In) · Out` for each position, with 16 hidden channels.
package enum SiLUResidual {
    /// The number of hidden channels.
    package static let hidden = 16

    /// Computes `y`.
    ///
    /// - Parameters:
    ///   - x: Shape `[N, channels]`, with 8 or 16 channels.
    ///   - input: `In`, shape `[channels, 16]`.
    ///   - output: `Out`, shape `[16, channels]`.
    ///   - y: Shape `[N, channels]`; overwritten, may be `x`.
    package static func forward(_ x: Matrix, input: Matrix, output: Matrix, into y: Matrix) {
        x.requireWidth("the input", [8, 16])
        let (n, width) = (x.rows, x.columns)
        unsafe KernelPath.multitensor.nonlinear(
            n, width, x.tensor("the input", positions: n, width: width),
            input.tensor("the input weight", positions: width, width: hidden),
            output.tensor("the output weight", positions: hidden, width: width),
            y.tensor("the output", positions: n, width: width))
    }

    /// Turns the gradient of `y` into that of `x`, and adds to the gradients of the weights.
    package static func backward(
        _ gradient: Matrix, x: Matrix, input: Matrix, output: Matrix, inputGradient: Matrix,
        outputGradient: Matrix
    ) {
        x.requireWidth("the input", [8, 16])
        let (n, width) = (x.rows, x.columns)
        unsafe KernelPath.multitensor.nonlinear_backward(
            n, width, x.tensor("the input", positions: n, width: width),
            input.tensor("the input weight", positions: width, width: hidden),
            output.tensor("the output weight", positions: hidden, width: width),
            gradient.tensor("the gradient", positions: n, width: width),
            inputGradient.tensor("the input weight's gradient", positions: width, width: hidden),
            outputGradient.tensor("the output weight's gradient", positions: hidden, width: width))
    }
}

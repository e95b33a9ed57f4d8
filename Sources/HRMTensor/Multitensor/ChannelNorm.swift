internal import CHRMKernels

/// The normalisation of each channel over all positions.
package enum ChannelNorm {
    /// Computes `y = (x − mean) / √(mean square deviation + 1e−8)`, channel by channel.
    ///
    /// - Parameters:
    ///   - x: Shape `[N, channels]`, with 4, 8 or 16 channels.
    ///   - y: Shape `[N, channels]`; overwritten, may be `x`.
    ///   - inverse: The inverse deviations, shape `[1, channels]`; overwritten.
    package static func forward(_ x: Matrix, into y: Matrix, inverse: Matrix) {
        x.requireWidth("the input", [4, 8, 16])
        precondition(x.rows > 0, "the normalisation of no position")
        let (n, width) = (x.rows, x.columns)
        unsafe KernelPath.multitensor.normalise(
            n, width, x.tensor("the input", positions: n, width: width),
            y.tensor("the output", positions: n, width: width), nil,
            inverse.tensor("the inverse deviation", positions: 1, width: width))
    }

    /// Computes the gradient of the input from the output.
    ///
    /// - Parameters:
    ///   - dy: Shape `[N, channels]`.
    ///   - y: The output, shape `[N, channels]`.
    ///   - inverse: The inverse deviations, shape `[1, channels]`.
    ///   - dx: Shape `[N, channels]`; overwritten, may be `dy`.
    package static func backward(_ dy: Matrix, y: Matrix, inverse: Matrix, into dx: Matrix) {
        dy.requireWidth("the output gradient", [4, 8, 16])
        precondition(dy.rows > 0, "the normalisation of no position")
        let (n, width) = (dy.rows, dy.columns)
        unsafe KernelPath.multitensor.normalise_backward(
            n, width, dy.tensor("the output gradient", positions: n, width: width),
            y.tensor("the output", positions: n, width: width),
            inverse.tensor("the inverse deviation", positions: 1, width: width), nil,
            dx.tensor("the input gradient", positions: n, width: width))
    }
}

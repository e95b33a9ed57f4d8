internal import CHRMKernels

/// Softmaxes of two channels over every non-empty set of a tensor's axes.
package struct AxisSoftmax {
    private let batches: Int
    private let shape: hrm_shape
    private let width: Int
    private let positions: Int
    private let scratchBytes: Int

    /// The number of softmaxes, `2^axes − 1`.
    package let sets: Int

    /// Creates the operation.
    ///
    /// - Parameters:
    ///   - batches: The number of independent parts of the tensor, its outermost axis.
    ///   - lengths: The lengths of the other axes, one to four.
    ///   - width: The number of channels, 8 or 16.
    package init(batches: Int, lengths: [Int], width: Int) {
        precondition(width == 8 || width == 16, "softmaxes of \(width) channels")
        precondition((1...4).contains(lengths.count), "softmaxes over \(lengths.count) axes")
        self.batches = batches
        self.width = width
        shape = hrm_shape(lengths)
        positions = batches * lengths.reduce(1, *)
        sets = 1 << lengths.count - 1
        scratchBytes = KernelPath.multitensor.softmax_scratch(shape, width) * 4
    }

    /// Computes `y = x + [p₁ | p₂ | …] · Out`, where `p` are the softmaxes of `x · In`, for sets of
    /// axes by size and then in the order of the axes.
    ///
    /// - Parameters:
    ///   - x: Shape `[N, channels]`.
    ///   - input: `In`, shape `[channels, 2]`.
    ///   - output: `Out`, shape `[2 · sets, channels]`.
    ///   - exponentials: What the backward pass needs, shape `[N, 2]`; overwritten.
    ///   - y: Shape `[N, channels]`; overwritten.
    ///   - scratch: Temporary memory.
    package func forward(
        _ x: Matrix, input: Matrix, output: Matrix, exponentials: Matrix, into y: Matrix,
        scratch: Scratch
    ) {
        unsafe KernelPath.multitensor.softmax(
            batches, shape, width, x.tensor("the input", positions: positions, width: width),
            input.tensor("the input weight", positions: width, width: 2),
            output.tensor("the output weight", positions: 2 * sets, width: width),
            exponentials.tensor("the exponentials", positions: positions, width: 2),
            y.tensor("the output", positions: positions, width: width),
            scratch.reserve(scratchBytes).assumingMemoryBound(to: Float.self))
    }

    /// Turns the gradient of `y` into that of `x`, and adds to the gradients of the weights.
    package func backward(
        _ gradient: Matrix, x: Matrix, input: Matrix, output: Matrix, exponentials: Matrix,
        inputGradient: Matrix, outputGradient: Matrix, scratch: Scratch
    ) {
        unsafe KernelPath.multitensor.softmax_backward(
            batches, shape, width, x.tensor("the input", positions: positions, width: width),
            input.tensor("the input weight", positions: width, width: 2),
            output.tensor("the output weight", positions: 2 * sets, width: width),
            exponentials.tensor("the exponentials", positions: positions, width: 2),
            gradient.tensor("the gradient", positions: positions, width: width),
            inputGradient.tensor("the input weight's gradient", positions: width, width: 2),
            outputGradient.tensor(
                "the output weight's gradient", positions: 2 * sets, width: width),
            scratch.reserve(scratchBytes).assumingMemoryBound(to: Float.self))
    }
}

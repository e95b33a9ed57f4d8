internal import CHRMKernels

/// Scaled dot-product attention over whole sequences, without a mask: `softmax(q · kᵀ / √d) · v`.
package enum Attention {
    /// Computes the attention of each sequence and head.
    ///
    /// - Parameters:
    ///   - qkv: Shape `[B·T, 3·nH·d]`: all heads' queries, then keys, then values.
    ///   - heads: The positions, and the number and size of heads.
    ///   - range: A subrange of the `B · nH` heads of all sequences; nil for all.
    ///   - output: Shape `[B·T, nH·d]`; overwritten for the heads in the range.
    ///   - logSumExp: Shape `[B·nH, T]`, float32; stored for the backward pass if not nil.
    ///   - scratch: The worker's scratch memory.
    package static func forward(
        _ qkv: Matrix, heads: RotaryEmbedding, range: Range<Int>? = nil, into output: Matrix,
        logSumExp: Matrix?, scratch: Scratch
    ) {
        let count = check(qkv, heads: heads, output: output, logSumExp: logSumExp)
        let range = range ?? 0..<count
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count, "heads \(range) of \(count)")
        let kernels = unsafe KernelPath.active.kernels
        let bytes = unsafe kernels.attention_scratch(heads.view, 0)
        unsafe kernels.attention(
            qkv.precision.code, range.lowerBound, range.upperBound, heads.view, qkv.view,
            output.view, logSumExp?.floats(), scratch.reserve(bytes))
    }

    /// Computes the gradient of queries, keys and values.
    ///
    /// - Parameters:
    ///   - qkv: As in the forward pass, rotated.
    ///   - heads: As in the forward pass.
    ///   - output: The forward pass's result.
    ///   - outputGradient: The gradient of the result, shape `[B·T, nH·d]`.
    ///   - logSumExp: As stored by the forward pass.
    ///   - qkvGradient: The gradient of the *unrotated* qkv, shape `[B·T, 3·nH·d]`; overwritten.
    ///   - scratch: The worker's scratch memory.
    package static func backward(
        qkv: Matrix, heads: RotaryEmbedding, output: Matrix, outputGradient: Matrix,
        logSumExp: Matrix, into qkvGradient: Matrix, scratch: Scratch
    ) {
        let count = check(qkv, heads: heads, output: output, logSumExp: logSumExp)
        outputGradient.require(
            "the output gradient", rows: output.rows, columns: output.columns, output.precision)
        qkvGradient.require("the qkv gradient", rows: qkv.rows, columns: qkv.columns, qkv.precision)
        let kernels = unsafe KernelPath.active.kernels
        let bytes = unsafe kernels.attention_scratch(heads.view, 1)
        unsafe kernels.attention_backward(
            qkv.precision.code, 0, count, heads.view, qkv.view, output.view, outputGradient.view,
            logSumExp.floats(), qkvGradient.view, scratch.reserve(bytes))
    }

    /// Traps unless the shapes fit; returns the number of heads of all sequences together.
    private static func check(
        _ qkv: Matrix, heads: RotaryEmbedding, output: Matrix, logSumExp: Matrix?
    ) -> Int {
        let width = heads.headCount * heads.headSize
        let sequences = qkv.rows / heads.positions
        qkv.require("qkv", rows: sequences * heads.positions, columns: 3 * width)
        output.require("the attention", rows: qkv.rows, columns: width, qkv.precision)
        logSumExp?.require(
            "the log-sum-exp", rows: sequences * heads.headCount, columns: heads.positions, .float32
        )
        logSumExp?.requireNoGaps("the log-sum-exp")
        return sequences * heads.headCount
    }
}

import HRMModel
import HRMTensor

/// The output heads on the slow state: token logits at every position, and Q logits of halting and
/// continuing at position 0.
struct OutputHeads: Sendable {
    let tokens: LinearLayer
    let q: LinearLayer
    let qBias: ParameterLayout.Entry

    init(_ layout: ParameterLayout, precision: Precision, trainable: Bool) {
        tokens = LinearLayer(
            layout.entry("lm_head.weight"), precision: precision, trainable: trainable)
        q = LinearLayer(layout.entry("q_head.weight"), precision: precision, trainable: trainable)
        qBias = layout.entry("q_head.bias")
    }

    /// Computes both heads from the slow state.
    ///
    /// - Parameters:
    ///   - high: `z_H`, shape `[B·T, D]`.
    ///   - positions: `T`.
    ///   - parameters: The flat array.
    ///   - logits: Shape `[B·T, V]`, float32; nil to skip them. The puzzle embedding's positions
    ///     are computed, too, and ignored.
    ///   - qLogits: Shape `[B, 2]`, float32: halt, continue.
    ///   - scratch: The worker's scratch memory.
    func forward(
        high: Matrix, positions: Int, parameters: Matrix, logits: Matrix?, qLogits: Matrix,
        scratch: Scratch
    ) {
        if let logits {
            Linear.forward(high, tokens.forward, into: logits, scratch: scratch)
        }
        Linear.forward(
            high.rows(every: positions), q.forward, bias: qBias.matrix(in: parameters),
            into: qLogits, scratch: scratch)
    }

    /// Computes the gradient of the slow state, and adds the heads' gradients to `gradients`.
    ///
    /// - Parameters:
    ///   - logitsGradient: Shape `[B·T, V]` in the model's precision.
    ///   - qGradient: Shape `[B, 2]` in the model's precision.
    ///   - high: The forward pass's slow state.
    ///   - positions: `T`.
    ///   - gradients: The flat array of this worker.
    ///   - highGradient: Shape `[B·T, D]`; overwritten.
    ///   - scratch: The worker's scratch memory.
    func backward(
        logitsGradient: Matrix, qGradient: Matrix, high: Matrix, positions: Int,
        gradients: Matrix, into highGradient: Matrix, scratch: Scratch
    ) {
        let first = high.rows(every: positions)
        let firstGradient = highGradient.rows(every: positions)
        Linear.forward(logitsGradient, tokens.gradientPath, into: highGradient, scratch: scratch)
        Linear.forward(
            qGradient, q.gradientPath, adding: firstGradient, into: firstGradient, scratch: scratch)
        Linear.accumulateWeightGradient(
            logitsGradient, high, into: tokens.entry.matrix(in: gradients), scratch: scratch)
        Linear.accumulateWeightGradient(
            qGradient, first, into: q.entry.matrix(in: gradients), scratch: scratch)
        let bias = qBias.matrix(in: gradients)
        for row in 0..<qGradient.rows {
            Embedding.accumulate(qGradient, row: row, scale: 1, into: bias, tableRow: 0)
        }
    }
}

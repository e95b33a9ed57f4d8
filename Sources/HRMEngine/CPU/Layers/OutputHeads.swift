import HRMModel
import HRMTensor

/// The output heads on the slow state: token logits at every position, and Q logits of halting and
/// continuing at position 0.
struct OutputHeads: Sendable {
    /// The token logits, or the outputs of each candidate.
    let tokens: LinearLayer
    /// The Q logits; nil in a model that reads candidates.
    private let q: QHead?
    /// The outputs of candidates; nil in a model that reads tokens.
    private let candidates: CandidateHead?

    /// The Q head.
    private struct QHead {
        let layer: LinearLayer
        let bias: ParameterLayout.Entry
    }

    /// The weights to be packed.
    var layers: [LinearLayer] { [tokens] + (q.map { [$0.layer] } ?? []) }

    init(
        _ layout: ParameterLayout, configuration: HRMConfiguration, precision: Precision,
        trainable: Bool
    ) {
        func layer(_ name: String) -> LinearLayer {
            LinearLayer(layout.entry(name), precision: precision, trainable: trainable)
        }
        candidates = CandidateHead(layout, configuration: configuration)
        if candidates == nil {
            tokens = layer("lm_head.weight")
            q = QHead(layer: layer("q_head.weight"), bias: layout.entry("q_head.bias"))
        } else {
            tokens = layer("candidate_head.weight")
            q = nil
        }
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
        if let candidates, let logits {
            return candidates.forward(
                high: high, positions: positions, layer: tokens, parameters: parameters,
                outputs: logits, qLogits: qLogits, scratch: scratch)
        }
        if let logits {
            Linear.forward(high, tokens.forward, into: logits, scratch: scratch)
        }
        guard let q else { preconditionFailure("candidates without their outputs") }
        Linear.forward(
            high.rows(every: positions), q.layer.forward, bias: q.bias.matrix(in: parameters),
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
        guard let q else {
            candidates?.backward(
                outputsGradient: logitsGradient, high: high, layer: tokens, gradients: gradients,
                into: highGradient, scratch: scratch)
            return
        }
        let first = high.rows(every: positions)
        let firstGradient = highGradient.rows(every: positions)
        Linear.forward(logitsGradient, tokens.gradientPath, into: highGradient, scratch: scratch)
        Linear.forward(
            qGradient, q.layer.gradientPath, adding: firstGradient, into: firstGradient,
            scratch: scratch)
        Linear.accumulateWeightGradient(
            logitsGradient, high, into: tokens.entry.matrix(in: gradients), scratch: scratch)
        Linear.accumulateWeightGradient(
            qGradient, first, into: q.layer.entry.matrix(in: gradients), scratch: scratch)
        let bias = q.bias.matrix(in: gradients)
        for row in 0..<qGradient.rows {
            Embedding.accumulate(qGradient, row: row, scale: 1, into: bias, tableRow: 0)
        }
    }
}

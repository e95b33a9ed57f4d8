import HRMModel
import HRMTensor

/// The outputs of a model that reads candidates: a linear map of each symbol's features, shared by
/// all symbols and cells, and the consistency of the whole state.
///
/// The logit of a contradiction is the log-sum-exp of what the symbols see, so that a contradiction
/// at one of them suffices on a board of any size. Its negative is the "halt" logit; the "continue"
/// logit is 0.
struct CandidateHead: Sendable {
    private let bias: ParameterLayout.Entry
    private let symbols: Int

    /// Creates the head; nil for a model that reads tokens.
    init?(_ layout: ParameterLayout, configuration: HRMConfiguration) {
        guard configuration.readsCandidates else { return nil }
        bias = layout.entry("candidate_head.bias")
        symbols = configuration.symbolCount
    }

    /// Computes the outputs.
    ///
    /// - Parameters:
    ///   - high: `z_H`, shape `[B·S, C·d]`.
    ///   - positions: `S`.
    ///   - layer: The linear map.
    ///   - parameters: The flat array.
    ///   - outputs: Shape `[B·S, C·3]`, float32; overwritten.
    ///   - qLogits: Shape `[B, 2]`, float32; overwritten.
    ///   - scratch: The worker's scratch memory.
    func forward(
        high: Matrix, positions: Int, layer: LinearLayer, parameters: Matrix, outputs: Matrix,
        qLogits: Matrix, scratch: Scratch
    ) {
        Linear.forward(
            bySymbol(high), layer.forward, bias: bias.matrix(in: parameters),
            into: bySymbol(outputs), scratch: scratch)
        outputs.withValues { values in
            let size = positions * symbols * CandidateOutput.count
            for sequence in 0..<qLogits.rows {
                let conflict = CandidateLoss.conflict(
                    values,
                    rows: CandidateLoss.rows(
                        first: sequence * size, cells: positions, symbols: symbols))
                qLogits[sequence, 0] = Float(-conflict)
                qLogits[sequence, 1] = 0
            }
        }
    }

    /// Computes the gradient of the slow state, and adds the head's gradients to `gradients`.
    func backward(
        outputsGradient: Matrix, high: Matrix, layer: LinearLayer, gradients: Matrix,
        into highGradient: Matrix, scratch: Scratch
    ) {
        let rows = bySymbol(outputsGradient)
        Linear.forward(rows, layer.gradientPath, into: bySymbol(highGradient), scratch: scratch)
        Linear.accumulateWeightGradient(
            rows, bySymbol(high), into: layer.entry.matrix(in: gradients), scratch: scratch)
        let sum = bias.matrix(in: gradients)
        for row in 0..<rows.rows {
            Embedding.accumulate(rows, row: row, scale: 1, into: sum, tableRow: 0)
        }
    }

    private func bySymbol(_ positions: Matrix) -> Matrix {
        positions.regrouped(rows: positions.rows * symbols)
    }
}

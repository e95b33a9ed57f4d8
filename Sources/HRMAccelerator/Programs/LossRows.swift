internal import HRMModel

/// The losses of each sequence, `[B]` each in float32.
struct LossRows {
    let labelCount: Expression
    let correctCount: Expression
    /// Σ token losses / max(n, 1).
    let tokenLoss: Expression
    let qHaltLoss: Expression
    let qContinueLoss: Expression

    /// `lm_loss + ½ · (q_halt_loss + q_continue_loss)`.
    var total: Expression { tokenLoss + (qHaltLoss + qContinueLoss) * 0.5 }
}

extension Layers {
    /// Computes the losses.
    ///
    /// - Parameters:
    ///   - logits: `[B, S, V]`.
    ///   - labels: `[B, S]`; negative ones are ignored.
    ///   - qLogits: `[B, 2]`.
    ///   - target: The target of q_continue, `[B]`; nil without one.
    ///   - smoothing: `ε` of the token loss.
    /// - Returns: The losses of each sequence.
    func losses(
        logits: Expression, labels: Expression, qLogits: Expression, target: Expression?,
        smoothing: Double
    ) -> LossRows {
        let (b, s, v) = (shape.batch, logits.shape[1], logits.shape[2])
        let isLabelled = labels.compared(.greaterOrEqual, 0)
        func count(_ cells: Expression) -> Expression {
            cells.converted(to: .float32).sum(over: [1])
        }
        let labelCount = count(isLabelled)
        let correctCount = count(isLabelled & mostLikely(logits).compared(.equal, labels))

        let isStable = configuration.lossType == .stablemaxCrossEntropy
        let element = isStable ? shape.lossElement : .float32
        let chosen = oneHot(labels.reshaped([b * s]), count: v, element).reshaped([b, s, v])
        let scores = logScores(logits.converted(to: element), isStable: isStable)
        let own = (scores.logarithms * chosen).sum(over: [2])
        var cell = scores.total - own
        if smoothing > 0 {
            let mean = scores.logarithms.sum(over: [2]) / Double(v)
            cell = cell + (own - mean) * smoothing
        }
        let summed = isLabelled.select(cell, cell.like(0)).sum(over: [1]).converted(to: .float32)
        let tokenLoss = summed / labelCount.maximum(labelCount.like(1)).stopped

        let isExact = correctCount.compared(.equal, labelCount).converted(to: .float32)
        let (halt, continuation) = columns(qLogits)
        let haltLoss = crossEntropy(halt, target: isExact)
        return LossRows(
            labelCount: labelCount, correctCount: correctCount, tokenLoss: tokenLoss,
            qHaltLoss: haltLoss,
            qContinueLoss: target.map { crossEntropy(continuation, target: $0) }
                ?? haltLoss.like(0))
    }

    /// The columns of `[B, 2]`, `[B]` each.
    func columns(_ pairs: Expression) -> (Expression, Expression) {
        let rows = pairs.shape[0]
        return (
            pairs.sliced(0..<1, axis: 1).reshaped([rows]),
            pairs.sliced(1..<2, axis: 1).reshaped([rows])
        )
    }

    /// The first token with the largest logit, `[B, S]`.
    private func mostLikely(_ logits: Expression) -> Expression {
        let highest = logits.maximum(over: [2]).broadcast(to: logits.shape, axes: [0, 1])
        let tokens = builder.iota(logits.shape, axis: 2)
        return logits.compared(.equal, highest).select(
            tokens, tokens.like(Double(logits.shape[2]))
        ).minimum(over: [2])
    }

    /// Unnormalized log-probabilities, `[B, S, V]`, and the logarithms of their normalizers,
    /// `[B, S]`.
    private func logScores(
        _ x: Expression, isStable: Bool
    ) -> (logarithms: Expression, total: Expression) {
        if isStable {
            let isPositive = x.compared(.greaterOrEqual, 0)
            // Only negative logits reach the quotient, whose slope has no pole there.
            let negative = isPositive.select(x.like(0), x)
            let scores = isPositive.select(x + 1, x.like(1) / (1 - negative))
            return (scores.logarithm, scores.sum(over: [2]).logarithm)
        }
        let highest = x.stopped.maximum(over: [2])
        let powers = (x - highest.broadcast(to: x.shape, axes: [0, 1])).exponential
        return (x, powers.sum(over: [2]).logarithm + highest)
    }

    /// `log(1 + eˣ) − x·t`, the binary cross-entropy of a logit.
    private func crossEntropy(_ x: Expression, target: Expression) -> Expression {
        // Without the larger exponent nothing overflows; its gradient cancels out.
        let larger = x.stopped.maximum(x.like(0))
        let total = (x - larger).exponential + (-larger).exponential
        return total.logarithm + larger - x * target.stopped
    }
}

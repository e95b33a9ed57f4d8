#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The loss of one cell: the negative logarithm of the label's probability.
///
/// Stablemax, in float64: `s(x) = x + 1` for `x ≥ 0`, `1 / (1 − x)` below; `p = s / Σ s`. Softmax:
/// `p = eˣ / Σ eˣ`.
///
/// With label smoothing `ε` the loss is the cross-entropy with a target that is not certain of the
/// label, `−Σ q·log p` where `q = (1 − ε)·[label] + ε/V` of the `V` tokens
/// ([Szegedy et al., 2015](https://arxiv.org/abs/1512.00567)).
package enum TokenLoss {
    /// The label of cells that are not scored.
    package static let ignoredLabel: Int32 = -100

    /// Returns the loss of one cell.
    ///
    /// - Parameters:
    ///   - type: The distribution.
    ///   - logits: The logits of many cells.
    ///   - cell: The `V` indices of the cell's logits.
    ///   - label: A token, `0 ..< V`.
    ///   - smoothing: `ε`, at least 0 and below 1.
    /// - Returns: The loss in nats.
    package static func value(
        _ type: LossType, logits: Span<Float>, cell: Range<Int>, label: Int, smoothing: Double = 0
    ) -> Double {
        let certain = surprise(type, logits: logits, cell: cell, label: label)
        guard smoothing > 0 else { return certain }
        // log p of a token and of the label differ only in their unnormalized log-probabilities.
        var mean = 0.0
        for index in cell { mean += logarithm(type, Double(logits[index])) }
        mean /= Double(cell.count)
        let own = logarithm(type, Double(logits[cell.lowerBound + label]))
        return certain + smoothing * (own - mean)
    }

    /// Returns the unnormalized log-probability of a logit.
    private static func logarithm(_ type: LossType, _ logit: Double) -> Double {
        type == .softmaxCrossEntropy ? logit : log(stable(logit))
    }

    /// Returns `−log p` of the label.
    private static func surprise(
        _ type: LossType, logits: Span<Float>, cell: Range<Int>, label: Int
    ) -> Double {
        let target = Double(logits[cell.lowerBound + label])
        var total = 0.0
        switch type {
        case .stablemaxCrossEntropy:
            for index in cell { total += stable(Double(logits[index])) }
            return log(total) - log(stable(target))
        case .softmaxCrossEntropy:
            let highest = Double(logits[cell.lowerBound + mostLikely(logits, cell: cell)])
            for index in cell { total += exp(Double(logits[index]) - highest) }
            return log(total) + highest - target
        }
    }

    /// Writes `weight · ∂loss/∂logits` to the same indices of `gradient`.
    package static func gradient(
        _ type: LossType, logits: Span<Float>, cell: Range<Int>, label: Int, weight: Double,
        smoothing: Double = 0, into gradient: inout MutableSpan<Float>
    ) {
        let labelled = cell.lowerBound + label
        let shared = smoothing / Double(cell.count)
        let wanted = 1 - smoothing + shared
        var total = 0.0
        switch type {
        case .stablemaxCrossEntropy:
            for index in cell { total += stable(Double(logits[index])) }
            for index in cell {
                // ∂/∂x (log Σs − Σ q·log s) = s′(x) · (1/Σs − q/s), and s′ = s² below 0.
                let s = stable(Double(logits[index]))
                let slope = logits[index] < 0 ? s * s : 1
                let own = (index == labelled ? wanted : shared) / s
                gradient[index] = Float(weight * slope * (1 / total - own))
            }
        case .softmaxCrossEntropy:
            let highest = Double(logits[cell.lowerBound + mostLikely(logits, cell: cell)])
            for index in cell { total += exp(Double(logits[index]) - highest) }
            for index in cell {
                let probability = exp(Double(logits[index]) - highest) / total
                let target = index == labelled ? wanted : shared
                gradient[index] = Float(weight * (probability - target))
            }
        }
    }

    /// Returns the token with the largest logit, `0 ..< V`; the first one in a tie.
    package static func mostLikely(_ logits: Span<Float>, cell: Range<Int>) -> Int {
        var best = cell.lowerBound
        for index in cell where logits[index] > logits[best] { best = index }
        return best - cell.lowerBound
    }

    static func stable(_ x: Double) -> Double { x < 0 ? 1 / (1 - x) : x + 1 }
}

/// Binary cross-entropy between a logit and a probability.
package enum QLoss {
    /// Returns `−t·log σ(x) − (1−t)·log(1−σ(x))`, without overflow.
    package static func value(logit x: Double, target t: Double) -> Double {
        max(x, 0) - x * t + log1p(exp(-abs(x)))
    }

    /// Returns `σ(x) − t`.
    package static func gradient(logit x: Double, target t: Double) -> Double {
        sigmoid(x) - t
    }

    /// Returns `1 / (1 + e^−x)`.
    package static func sigmoid(_ x: Double) -> Double {
        x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
    }
}

/// The weight of the loss of each of a puzzle's segments.
package enum StepWeight {
    /// Returns `γ^(t−1)`: later segments contribute less and less
    /// ([Qasim & Zhang, 2025](https://arxiv.org/abs/2511.08653)).
    ///
    /// - Parameters:
    ///   - step: `t`, the number of the segment, starting at 1.
    ///   - base: `γ`, above 0 and at most 1.
    /// - Returns: The factor of the segment's gradients.
    package static func of(step: Int, base: Double) -> Double { pow(base, Double(step - 1)) }
}

/// The losses of one sequence, and its number of correct cells.
package struct SequenceLoss: Sendable, Equatable {
    /// The number of labelled cells, `n`.
    package var labelCount = 0
    /// The number of labelled cells whose most likely token is the label; in a tie the first token
    /// counts.
    package var correctCount = 0
    /// Σ token losses / max(n, 1), in nats.
    package var tokenLoss = 0.0
    /// Binary cross-entropy of q_halt against "every cell is correct".
    package var qHaltLoss = 0.0
    /// Binary cross-entropy of q_continue against its target; 0 without one.
    package var qContinueLoss = 0.0
    /// The weight of the Q losses.
    package var qHaltWeight = 0.5

    /// True if every labelled cell is correct, or if there are none.
    package var isExact: Bool { correctCount == labelCount }

    /// `lm_loss + ½ · (q_halt_loss + q_continue_loss)`, or with ``qHaltWeight`` in place of the half.
    package var total: Double { tokenLoss + qHaltWeight * (qHaltLoss + qContinueLoss) }

    /// Creates losses that an engine has computed itself.
    ///
    /// - Parameters:
    ///   - labelCount: The number of labelled cells.
    ///   - correctCount: The number of labelled cells whose most likely token is the label.
    ///   - tokenLoss: Σ token losses / max(`labelCount`, 1), in nats.
    ///   - qHaltLoss: Binary cross-entropy of q_halt.
    ///   - qContinueLoss: Binary cross-entropy of q_continue; 0 without a target.
    public init(
        labelCount: Int, correctCount: Int, tokenLoss: Double, qHaltLoss: Double,
        qContinueLoss: Double = 0
    ) {
        self.labelCount = labelCount
        self.correctCount = correctCount
        self.tokenLoss = tokenLoss
        self.qHaltLoss = qHaltLoss
        self.qContinueLoss = qContinueLoss
    }

    /// Counts the correct cells of a search's answer; without an answer, cells that are still open
    /// count as wrong.
    ///
    /// - Parameters:
    ///   - tokens: The answer so far, `[S]`.
    ///   - labels: `[S]`, or empty without labels.
    ///   - isAnswer: True if the search has ended with an answer.
    package mutating func score(_ tokens: [Int32], labels: [Int32], isAnswer: Bool) {
        let scored = zip(tokens, labels).filter { $1 != TokenLoss.ignoredLabel }
        labelCount = scored.count
        correctCount = scored.count { $0 == $1 }
        if !isAnswer { correctCount = min(correctCount, max(0, labelCount - 1)) }
    }

    /// Computes the losses of one sequence.
    ///
    /// - Parameters:
    ///   - type: The distribution.
    ///   - logits: The sequence's `S · V` logits begin at `first`.
    ///   - first: The index of the first logit.
    ///   - vocabulary: `V`.
    ///   - labels: Shape `[S]`, with ``TokenLoss/ignoredLabel`` for cells that are not scored.
    ///   - qLogits: (halt, continue).
    ///   - targetQContinue: A probability; nil in evaluation.
    ///   - smoothing: `ε` of the token loss; 0 in evaluation.
    package init(
        type: LossType, logits: Span<Float>, first: Int, vocabulary: Int,
        labels: ArraySlice<Int32>, qLogits: (halt: Float, continue: Float),
        targetQContinue: Double?, smoothing: Double = 0
    ) {
        var losses = 0.0
        for (index, label) in labels.enumerated() where label != TokenLoss.ignoredLabel {
            let cell = (first + index * vocabulary)..<(first + (index + 1) * vocabulary)
            losses += TokenLoss.value(
                type, logits: logits, cell: cell, label: Int(label), smoothing: smoothing)
            labelCount += 1
            if TokenLoss.mostLikely(logits, cell: cell) == Int(label) { correctCount += 1 }
        }
        tokenLoss = losses / divisor
        qHaltLoss = QLoss.value(logit: Double(qLogits.halt), target: qHaltTarget)
        if let targetQContinue {
            qContinueLoss = QLoss.value(logit: Double(qLogits.continue), target: targetQContinue)
        }
    }

    /// Computes the gradients of `scale · total`.
    ///
    /// - Parameters:
    ///   - type: As given to the initializer.
    ///   - logits: As given to the initializer.
    ///   - first: As given to the initializer.
    ///   - vocabulary: As given to the initializer.
    ///   - labels: As given to the initializer.
    ///   - qLogits: As given to the initializer.
    ///   - targetQContinue: As given to the initializer.
    ///   - smoothing: As given to the initializer.
    ///   - scale: The factor of all gradients.
    ///   - logitsGradient: Overwritten at the indices of the sequence's logits.
    /// - Returns: The gradients of (halt, continue).
    package func gradient(
        type: LossType, logits: Span<Float>, first: Int, vocabulary: Int,
        labels: ArraySlice<Int32>, qLogits: (halt: Float, continue: Float),
        targetQContinue: Double?, smoothing: Double = 0, scale: Double,
        into logitsGradient: inout MutableSpan<Float>
    ) -> (halt: Float, continue: Float) {
        for (index, label) in labels.enumerated() {
            let cell = (first + index * vocabulary)..<(first + (index + 1) * vocabulary)
            if label == TokenLoss.ignoredLabel {
                for index in cell { logitsGradient[index] = 0 }
            } else {
                TokenLoss.gradient(
                    type, logits: logits, cell: cell, label: Int(label), weight: scale / divisor,
                    smoothing: smoothing, into: &logitsGradient)
            }
        }
        let halt = QLoss.gradient(logit: Double(qLogits.halt), target: qHaltTarget)
        let continuation = targetQContinue.map {
            QLoss.gradient(logit: Double(qLogits.continue), target: $0)
        }
        return (Float(0.5 * scale * halt), Float(0.5 * scale * (continuation ?? 0)))
    }

    private var divisor: Double { Double(max(labelCount, 1)) }
    private var qHaltTarget: Double { isExact ? 1 : 0 }
}

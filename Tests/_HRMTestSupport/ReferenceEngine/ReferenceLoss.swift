public import HRMModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The losses of one sequence.
public struct ReferenceLoss {
    /// The number of labelled cells, `n`.
    public let labelCount: Int
    /// The number of labelled cells whose most likely token is the label.
    public let correctCount: Int
    /// The loss of each labelled cell in order, in nats, `[n, 1]`.
    public let cellLosses: Variable
    /// `Σ cell losses / max(n, 1)`, `[1, 1]`.
    public let tokenLoss: Variable
    /// The binary cross-entropy of q_halt and "every labelled cell is correct", `[1, 1]`.
    public let haltLoss: Variable
    /// The binary cross-entropy of q_continue and its target, `[1, 1]`; zero without a target.
    public let continueLoss: Variable

    /// True if every labelled cell is correct.
    public var isExact: Bool { correctCount == labelCount }

    /// `lm_loss + ½ · (q_halt_loss + q_continue_loss)`, `[1, 1]`.
    public var total: Variable { tokenLoss + 0.5 * (haltLoss + continueLoss) }

    /// Computes the losses of one sequence.
    ///
    /// - Parameters:
    ///   - type: The distribution over tokens.
    ///   - logits: `[S, V]`.
    ///   - labels: `[S]`.
    ///   - qLogits: Halt and continue, `[1, 2]`.
    ///   - targetQContinue: A probability; nil without that loss.
    ///   - smoothing: `ε` of label smoothing.
    public init(
        type: LossType, logits: Variable, labels: [Int32], qLogits: Variable,
        targetQContinue: Double?, smoothing: Double = 0
    ) {
        let cells = labels.indices.filter { labels[$0] != TokenLoss.ignoredLabel }
        let tokens = cells.map { Int(labels[$0]) }
        let labelled = logits.rows(cells)
        labelCount = cells.count
        correctCount = zip(labelled.value.mostLikely, tokens).count { $0 == $1 }
        cellLosses = Self.crossEntropy(
            type, labelled, tokens: tokens, smoothing: smoothing)
        tokenLoss = (1 / Double(max(cells.count, 1))) * cellLosses.sum
        haltLoss = Self.binaryCrossEntropy(
            qLogits.columns(0..<1), target: correctCount == labelCount ? 1 : 0)
        continueLoss =
            targetQContinue.map { Self.binaryCrossEntropy(qLogits.columns(1..<2), target: $0) }
            ?? Variable(PlainMatrix(0, rows: 1, columns: 1))
    }

    /// Computes `−Σ q·log p` of each row, where `q = (1 − ε)·[token] + ε/V`.
    private static func crossEntropy(
        _ type: LossType, _ logits: Variable, tokens: [Int], smoothing: Double
    ) -> Variable {
        let vocabulary = logits.columns
        var target = PlainMatrix(
            smoothing / Double(max(1, vocabulary)), rows: tokens.count, columns: vocabulary)
        for (row, token) in tokens.enumerated() {
            target.values[row * vocabulary + token] += 1 - smoothing
        }
        let logarithms = logits.logProbabilities(type)
        return -1 * (Variable(target) * logarithms).rowSums
    }

    /// Computes `−t·log σ(x) − (1 − t)·log(1 − σ(x)) = log(1 + eˣ) − t·x`.
    private static func binaryCrossEntropy(_ logit: Variable, target: Double) -> Variable {
        logit.applying(.softplus) - target * logit
    }
}

extension Variable {
    /// The logarithm of each row's distribution over tokens.
    func logProbabilities(_ type: LossType) -> Variable {
        let (weights, logarithms) =
            switch type {
            case .stablemaxCrossEntropy:
                (applying(.stable), applying(.stable).applying(.logarithm))
            case .softmaxCrossEntropy:
                (shifted.applying(.exponential), shifted)
            }
        let total = weights.rowSums.applying(.logarithm)
        return logarithms - total.spread(columns: columns)
    }

    /// Each row minus its largest element, taken as a constant.
    private var shifted: Variable { self - highest.spread(columns: columns) }
}

extension PlainMatrix {
    /// The column of each row's largest element; the first one in a tie.
    public var mostLikely: [Int] {
        (0..<rows).map { row in
            (0..<columns).reduce(0) { self[row, $1] > self[row, $0] ? $1 : $0 }
        }
    }

    /// The entropy of each row's distribution over tokens, in nats.
    public func entropies(_ type: LossType) -> [Double] {
        let logarithms = Variable(self).logProbabilities(type).value
        return (0..<rows).map { row in
            (0..<columns).reduce(0) { $0 - exp(logarithms[row, $1]) * logarithms[row, $1] }
        }
    }
}

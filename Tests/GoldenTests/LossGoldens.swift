import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMModel

/// Kind `loss`: the loss head alone.
func checkLoss(_ golden: GoldenCase) throws {
    let stored = try golden.json(LossCase.self)
    let tensors = try golden.tensors()
    let type = try #require(LossType(rawValue: stored.loss_type))
    let shape = try tensors["logits"].shape
    let (rows, cells, vocabulary) = (shape[0], shape[1], shape[2])
    let logits = try tensors["logits"].floats
    let labels = try tensors["labels"].integers.map(Int32.init)
    let halts = try tensors["q_halt_logits"].floats
    let continues = try tensors["q_continue_logits"].floats
    let targets = stored.has_target_q_continue ? try tensors["target_q_continue"].floats : nil
    let halted = try tensors["halted"].integers
    let steps = try tensors["steps"].integers
    let expectedTokenLosses = try tensors["per_token_loss"].doubles
    let expectedCounts = try tensors["label_counts"].integers

    var gradient = [Float](repeating: .nan, count: logits.count)
    var haltGradient: [Float] = []
    var continueGradient: [Float] = []
    var metrics = StepMetrics()
    var total = 0.0
    for row in 0..<rows {
        let rowLabels = labels[(row * cells)..<((row + 1) * cells)]
        let q = (halts[row], continues[row])
        let target = targets.map { Double($0[row]) }
        let first = row * cells * vocabulary
        let loss = SequenceLoss(
            type: type, logits: logits.span, first: first, vocabulary: vocabulary,
            labels: rowLabels, qLogits: q, targetQContinue: target)
        var span = gradient.mutableSpan
        let qGradient = loss.gradient(
            type: type, logits: logits.span, first: first, vocabulary: vocabulary,
            labels: rowLabels, qLogits: q, targetQContinue: target, scale: 1, into: &span)
        haltGradient.append(qGradient.halt)
        continueGradient.append(qGradient.continue)
        #expect(loss.labelCount == expectedCounts[row], "row \(row)")
        for (cell, label) in rowLabels.enumerated() where label != TokenLoss.ignoredLabel {
            let start = first + cell * vocabulary
            expectClose(
                TokenLoss.value(
                    type, logits: logits.span, cell: start..<(start + vocabulary),
                    label: Int(label)),
                expectedTokenLosses[row * cells + cell],
                Tolerance(absolute: 1e-6, relative: 1e-6), "token (\(row), \(cell))")
        }
        total += loss.total
        metrics.add(
            SequenceOutcome(
                row: row, loss: loss, qHalt: q.0, qContinue: q.1, targetQContinue: target,
                next: nil, steps: steps[row], hasHalted: halted[row] != 0))
    }
    let tight = Tolerance(relative: 1e-6)
    expectClose(total, stored.loss, tight, "loss")
    expectClose(
        gradient, try tensors["grad_logits"].floats, Tolerance(absolute: 1e-6), "grad_logits")
    expectClose(
        haltGradient, try tensors["grad_q_halt_logits"].floats, Tolerance(absolute: 1e-6),
        "grad_q_halt_logits")
    if stored.has_target_q_continue {
        expectClose(
            continueGradient, try tensors["grad_q_continue_logits"].floats,
            Tolerance(absolute: 1e-6), "grad_q_continue_logits")
    }
    for (name, expected) in stored.metrics {
        expectClose(try #require(metrics.sums[name]), expected, tight, name)
    }
}

extension StepMetrics {
    /// The sums of a step under the reference's names; none that was not computed.
    var sums: [String: Double] {
        let sums: [String: Double?] = [
            "count": Double(count), "accuracy": accuracySum, "exact_accuracy": Double(exactCount),
            "q_halt_accuracy": Double(qHaltCorrectCount), "steps": Double(steps),
            "lm_loss": tokenLoss, "q_halt_loss": qHaltLoss, "q_continue_loss": qContinueLoss,
        ]
        return sums.compactMapValues(\.self)
    }
}

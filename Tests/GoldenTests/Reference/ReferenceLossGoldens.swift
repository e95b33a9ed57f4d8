import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// Kind `loss`: losses, gradients and metrics of some sequences.
func checkReferenceLoss(_ golden: GoldenCase) throws {
    let stored = try golden.json(LossCase.self)
    let tensors = try golden.tensors()
    let type = try #require(LossType(rawValue: stored.loss_type))
    let shape = try tensors["logits"].shape
    let halts = try tensors["q_halt_logits"].doubles
    let continues = try tensors["q_continue_logits"].doubles
    let halted = try tensors["halted"].integers
    let steps = try tensors["steps"].integers
    let counts = try tensors["label_counts"].integers
    let targets =
        stored.has_target_q_continue ? try tensors["target_q_continue"].doubles : nil
    var metrics = StepMetrics()
    var total = 0.0
    var logitsGradient: [Float] = []
    var qGradients: [PlainMatrix] = []
    for row in 0..<shape[0] {
        let logits = Variable(try tensors.states("logits", sequence: row))
        let qLogits = Variable(PlainMatrix([halts[row], continues[row]], rows: 1, columns: 2))
        let labels = try tensors.integers("labels", at: row).map(Int32.init)
        let loss = ReferenceLoss(
            type: type, logits: logits, labels: labels, qLogits: qLogits,
            targetQContinue: targets?[row])
        #expect(loss.labelCount == counts[row], "row \(row)")
        let expected = try tensors.doubles("per_token_loss", at: row)
        expectClose(
            loss.cellLosses.value.values,
            labels.indices.filter { labels[$0] != TokenLoss.ignoredLabel }.map { expected[$0] },
            Tolerance(absolute: 1e-6, relative: 1e-6), "tokens of row \(row)")
        metrics.add(
            SequenceOutcome(
                row: row, loss: loss, qLogits: qLogits.value, targetQContinue: targets?[row],
                steps: steps[row], hasHalted: halted[row] != 0))
        total += loss.total.value[0, 0]
        loss.total.backward()
        logitsGradient += logits.gradient.floats
        qGradients.append(qLogits.gradient)
    }
    let tight = Tolerance(relative: 1e-6)
    expectClose(total, stored.loss, tight, "loss")
    for (name, expected) in stored.metrics {
        expectClose(try #require(metrics.sums[name]), expected, tight, name)
    }
    for (name, values) in [
        ("grad_logits", logitsGradient),
        ("grad_q_halt_logits", qGradients.map { Float($0[0, 0]) }),
        ("grad_q_continue_logits", qGradients.map { Float($0[0, 1]) }),
    ] where name != "grad_q_continue_logits" || stored.has_target_q_continue {
        expectClose(values, try tensors[name].floats, Tolerance(absolute: 1e-6), name)
    }
}

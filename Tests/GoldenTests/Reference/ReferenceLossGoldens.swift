import HRMModel
import HRMTensor
import Testing

@testable import _HRMTestSupport

/// Kind `loss`: losses, gradients and metrics of some sequences.
func checkReferenceLoss(_ golden: GoldenCase) throws {
    struct Case: Decodable {
        var loss_type: String
        var has_target_q_continue: Bool
        var metrics: [String: Double]
        var loss: Double
    }
    let stored = try golden.json(Case.self)
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
    var outcomes: [ReferenceOutcome] = []
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
            labels.indices.filter { labels[$0] != ReferenceLoss.ignored }.map { expected[$0] },
            Tolerance(absolute: 1e-6, relative: 1e-6), "tokens of row \(row)")
        outcomes.append(
            ReferenceOutcome(
                slot: row, loss: loss, qLogits: qLogits.value, next: nil, target: targets?[row],
                steps: steps[row], hasHalted: halted[row] != 0))
        loss.total.backward()
        logitsGradient += logits.gradient.floats
        qGradients.append(qLogits.gradient)
    }
    let tight = Tolerance(relative: 1e-6)
    expectClose(outcomes.reduce(0) { $0 + $1.totalLoss }, stored.loss, tight, "loss")
    let metrics = ReferenceMetrics(outcomes)
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

/// The metrics of some slots, with the reference's names.
struct ReferenceMetrics {
    /// Sums: losses over all slots, everything else over those that ended and have a label.
    let sums: [String: Double]

    /// The metrics of one step.
    init(_ outcomes: [ReferenceOutcome]) {
        let scored = outcomes.filter { $0.hasHalted && $0.labelCount > 0 }
        var sums: [String: Double] = [
            "count": Double(scored.count),
            "accuracy": scored.reduce(0) { $0 + Double($1.correctCount) / Double($1.labelCount) },
            "exact_accuracy": Double(scored.count(where: \.isExact)),
            "q_halt_accuracy": Double(scored.count { ($0.qHalt >= 0) == $0.isExact }),
            "steps": Double(scored.reduce(0) { $0 + $1.steps }),
            "lm_loss": outcomes.reduce(0) { $0 + $1.tokenLoss },
            "q_halt_loss": outcomes.reduce(0) { $0 + $1.haltLoss },
        ]
        if outcomes.contains(where: { $0.targetQContinue != nil }) {
            sums["q_continue_loss"] = outcomes.reduce(0) { $0 + $1.continueLoss }
        }
        self.sums = sums
    }
}

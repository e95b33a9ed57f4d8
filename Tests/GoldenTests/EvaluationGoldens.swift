import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// Kinds `hrm_eval` and `trm_eval`: batches of named sets, every segment of each, and the report a set.
func checkEvaluation(_ golden: GoldenCase) throws {
    struct Case: Decodable {
        var config: GoldenConfiguration
        var loss_type: String
        var batch_sets: [String]
        var reported: [String: [String: Double]]
    }
    let stored = try golden.json(Case.self)
    let eval = try golden.tensors("eval.safetensors")
    let model = try stored.config.model(
        weights: golden.tensors("weights.safetensors"), loss: stored.loss_type)
    let maxSteps = model.configuration.haltMaxSteps
    let tolerance = Tolerance(absolute: 2e-4)
    var sums: [String: StepMetrics] = [:]
    for (index, set) in stored.batch_sets.enumerated() {
        let batch = TokenBatch(
            inputs: try eval.integers("batch_inputs", at: index).map(Int32.init),
            labels: try eval.integers("batch_labels", at: index).map(Int32.init),
            puzzleIdentifiers: try eval.integers("batch_puzzle_identifiers", at: index)
                .map(Int32.init))
        let size = batch.puzzleIdentifiers.count
        let engine = ReasoningEngine(
            model: model, batchSize: size, workers: Workers(count: 2), training: false)
        var carry = Carry(batchSize: size, model: model)
        carry.refill(from: batch, model: model)
        let logits = try eval.floats("logits", at: index)
        let halted = try eval.integers("halted", at: index)
        let steps = try eval.integers("steps", at: index)
        let halts = try eval.floats("q_halt_logits", at: index)
        let continues = try eval.floats("q_continue_logits", at: index)
        let losses = try eval.doubles("loss", at: index)
        for step in 0..<maxSteps {
            let outcomes = engine.evaluationStep(&carry, maxSteps: maxSteps)
            let name = "batch \(index), step \(step + 1)"
            let rows = (step * size)..<((step + 1) * size)
            let cells = logits.count / maxSteps
            expectClose(
                model.tokenLogits(engine.outputs, batchSize: size),
                Array(logits[(step * cells)..<((step + 1) * cells)]), tolerance, "\(name) logits")
            expectClose(outcomes.map(\.qHalt), Array(halts[rows]), tolerance, "\(name) q_halt")
            expectClose(
                outcomes.map(\.qContinue), Array(continues[rows]), tolerance, "\(name) q_continue")
            #expect(outcomes.map { $0.hasHalted ? 1 : 0 } == Array(halted[rows]), "\(name)")
            #expect(outcomes.map(\.steps) == Array(steps[rows]), "\(name)")
            expectClose(
                outcomes.reduce(0) { $0 + $1.loss.total }, losses[step], Tolerance(absolute: 1e-3),
                "\(name) loss")
            if step == maxSteps - 1 {
                var metrics = StepMetrics()
                for outcome in outcomes { metrics.add(outcome) }
                sums[set, default: StepMetrics()] += metrics
            }
        }
    }
    #expect(Set(sums.keys) == Set(stored.reported.keys))
    for (set, expected) in stored.reported {
        let metrics = try #require(sums[set])
        let report = metrics.report(lossDivisor: Double(metrics.count))
        for (name, value) in report where name != "count" {
            expectClose(value, try #require(expected[name]), tolerance, "\(set) \(name)")
        }
        #expect(Set(report.map(\.name)).subtracting(["count"]) == Set(expected.keys), "\(set)")
    }
}

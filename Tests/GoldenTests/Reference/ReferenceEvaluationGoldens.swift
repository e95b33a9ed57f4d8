import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// Kinds `hrm_eval` and `trm_eval`: batches of named sets, every segment of each, and the report a
/// set.
func checkReferenceEvaluation(_ golden: GoldenCase) throws {
    struct Case: Decodable {
        var config: GoldenConfiguration
        var loss_type: String
        var batch_sets: [String]
        var reported: [String: [String: Double]]
    }
    let stored = try golden.json(Case.self)
    let eval = try golden.tensors("eval.safetensors")
    let model = try stored.config.referenceModel(
        weights: golden.tensors("weights.safetensors"), loss: stored.loss_type)
    let maxSteps = model.configuration.haltMaxSteps
    let tolerance = Tolerance(absolute: 2e-4)
    var last: [String: [ReferenceOutcome]] = [:]
    for (index, set) in stored.batch_sets.enumerated() {
        let size = try eval["batch_puzzle_identifiers"].shape[1]
        let engine = ReferenceEngine(model, slotCount: size)
        var table = ReferenceSlotTable(
            slotCount: size, sequenceLength: model.dimensions.sequenceLength)
        table.refill(
            engine, inputs: try eval.integers("batch_inputs", at: index),
            labels: try eval.integers("batch_labels", at: index),
            identifiers: try eval.integers("batch_puzzle_identifiers", at: index))
        for step in 0..<maxSteps {
            func expected(_ name: String) throws -> [Double] {
                let all = try eval.doubles(name, at: index)
                let count = all.count / maxSteps
                return Array(all[(step * count)..<((step + 1) * count)])
            }
            let outcomes = engine.infer(&table, slots: 0..<size, maxSteps: maxSteps)
            let name = "batch \(index), step \(step + 1)"
            for (key, values) in [
                ("logits", (0..<size).flatMap { engine.logits(of: $0).values }),
                ("q_halt_logits", outcomes.map(\.qHalt)),
                ("q_continue_logits", outcomes.map(\.qContinue)),
            ] {
                expectClose(values, try expected(key), tolerance, "\(name) \(key)")
            }
            #expect(
                table.halted.map { $0 ? 1 : 0 } == (try expected("halted").map { Int($0) }),
                "\(name)")
            #expect(table.steps == (try expected("steps").map { Int($0) }), "\(name)")
            expectClose(
                [outcomes.reduce(0) { $0 + $1.totalLoss }], try expected("loss"),
                Tolerance(absolute: 1e-3), "\(name) loss")
            if step == maxSteps - 1 { last[set, default: []] += outcomes }
        }
    }
    #expect(Set(last.keys) == Set(stored.reported.keys))
    for (set, expected) in stored.reported {
        let sums = ReferenceMetrics(try #require(last[set])).sums
        let count = try #require(sums["count"])
        #expect(Set(sums.keys).subtracting(["count"]) == Set(expected.keys), "\(set)")
        for (name, value) in expected {
            expectClose(try #require(sums[name]) / count, value, tolerance, "\(set) \(name)")
        }
    }
}

extension ReferenceSlotTable {
    /// Gives each halted slot the corresponding puzzle of a batch.
    mutating func refill(
        _ engine: ReferenceEngine, inputs: [Int], labels: [Int], identifiers: [Int]
    ) {
        let length = engine.dimensions.sequenceLength
        for slot in halted.indices where halted[slot] {
            let cells = (slot * length)..<((slot + 1) * length)
            self.inputs[slot] = inputs[cells].map(Int32.init)
            self.labels[slot] = labels[cells].map(Int32.init)
            self.identifiers[slot] = Int32(identifiers[slot])
            steps[slot] = 0
            halted[slot] = false
            engine.begin(slot: slot)
        }
    }
}

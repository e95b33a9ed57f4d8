import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// Kinds `hrm_inner` and `trm_inner`: a segment from recorded states and a second one from its
/// results; of cases with gradients, which are not part of the protocol, the logits.
func checkInner(_ golden: GoldenCase, on tested: EngineUnderTest) throws {
    struct Case: Decodable {
        var config: GoldenConfiguration
        var puzzle_emb_len: Int
        var bfloat16_vs_float32: [String: Difference]?
    }
    let stored = try golden.json(Case.self)
    let io = try golden.tensors("io.safetensors")
    let model = try stored.config.model(weights: golden.tensors("weights.safetensors"))
    #expect(model.configuration.prefixLength == stored.puzzle_emb_len)
    let batch = try io.innerBatch()
    let size = batch.puzzleIdentifiers.count
    let engine = tested.inference(model, size)
    var carry = Carry(slotCount: size, dimensions: model.dimensions)
    _ = carry.refill(from: batch)
    for name in ["z_H", "z_L"] {
        try engine.load(try io["carry_in_\(name)"].floats, as: name, .states)
    }
    func results() throws -> [(name: String, values: [Float])] {
        let outcomes = engine.infer(&carry, first: size, maxSteps: 3, observer: nil)
        return [
            ("logits", engine.tokenLogits(slots: size)), ("q_halt", outcomes.map(\.qHalt)),
            ("q_continue", outcomes.map(\.qContinue)),
            ("z_H", try engine.values(.states, "z_H")),
            ("z_L", try engine.values(.states, "z_L")),
        ]
    }
    func key(_ name: String, _ prefix: String) -> String {
        switch (name, prefix) {
        case ("q_halt", _), ("q_continue", _): "\(prefix)\(name)_logits"
        case ("z_H", ""), ("z_L", ""): "carry_out_\(name)"
        default: prefix + name
        }
    }
    if let recorded = stored.bfloat16_vs_float32 {
        for (name, values) in try results() {
            let difference = try #require(recorded[name])
            difference.expect(values, against: try io[key(name, "float32_")].floats, name)
        }
        return
    }
    let first = Tolerance(absolute: 1e-4)
    if io.names.contains("grad_logits") {
        expectClose(try results()[0].values, try io["logits"].floats, first, "logits")
        return
    }
    for (prefix, tolerance) in [("", first), ("second_", Tolerance(absolute: 3e-4))] {
        for (name, values) in try results() {
            let key = key(name, prefix)
            expectClose(values, try io[key].floats, tolerance, key)
        }
    }
}

extension GoldenTensors {
    /// The puzzles of an inner case, which has no labels.
    func innerBatch() throws -> TokenBatch {
        let inputs = try self["inputs"].integers.map(Int32.init)
        return TokenBatch(
            inputs: inputs, labels: inputs,
            puzzleIdentifiers: try self["puzzle_identifiers"].integers.map(Int32.init))
    }
}

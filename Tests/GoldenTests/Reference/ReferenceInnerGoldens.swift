import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// Kinds `hrm_inner` and `trm_inner`: a segment and a second one from its states, or the gradients
/// of a linear functional of its results.
func checkReferenceInner(_ golden: GoldenCase) throws {
    struct Case: Decodable {
        var config: GoldenConfiguration
        var puzzle_emb_len: Int
    }
    let stored = try golden.json(Case.self)
    let io = try golden.tensors("io.safetensors")
    let model = try stored.config.referenceModel(
        weights: golden.tensors("weights.safetensors"))
    #expect(model.prefixLength == stored.puzzle_emb_len)
    let identifiers = try io["puzzle_identifiers"].integers.map(Int32.init)
    let segment = ReferenceSegment(model)
    let isLearning = io.names.contains("grad_logits")
    let started = try identifiers.indices.map { index in
        segment(
            inputs: try io.integers("inputs", at: index).map(Int32.init),
            identifier: identifiers[index],
            from: ReferenceStates(
                high: try io.states("carry_in_z_H", sequence: index),
                low: try io.states("carry_in_z_L", sequence: index)),
            learning: isLearning)
    }
    expectClose(
        started.flatMap(\.input.value.floats), try io["input_embeddings"].floats,
        Tolerance(absolute: 1e-6), "input_embeddings")
    if isLearning {
        expectClose(
            started.flatMap(\.logits.value.floats), try io["logits"].floats,
            Tolerance(absolute: 1e-4), "logits")
        for (index, results) in started.enumerated() {
            func upstream(_ name: String, columns: Int) throws -> Variable {
                let values = try io.doubles(name, at: index)
                return Variable(
                    PlainMatrix(values, rows: values.count / columns, columns: columns))
            }
            let q = Variable.joined([
                try upstream("grad_q_halt", columns: 1),
                try upstream("grad_q_continue", columns: 1),
            ])
            let logits = try upstream("grad_logits", columns: results.logits.columns)
            ((results.logits * logits).sum + (results.qLogits * q).sum).backward()
        }
        try expectGradients(golden.tensors("grads.safetensors"), of: segment, started)
        return
    }
    try expectResults(started, io, prefix: "", Tolerance(absolute: 1e-4))
    let second = try started.enumerated().map { index, results in
        segment(
            inputs: try io.integers("inputs", at: index).map(Int32.init),
            identifier: identifiers[index], from: results.states)
    }
    try expectResults(second, io, prefix: "second_", Tolerance(absolute: 3e-4))
}

private func expectResults(
    _ results: [ReferenceSegment.Results], _ io: GoldenTensors, prefix: String,
    _ tolerance: Tolerance
) throws {
    let state = prefix.isEmpty ? "carry_out_" : prefix
    for (name, values) in [
        ("\(prefix)logits", results.flatMap(\.logits.value.floats)),
        ("\(prefix)q_halt_logits", results.map { Float($0.qLogits.value[0, 0]) }),
        ("\(prefix)q_continue_logits", results.map { Float($0.qLogits.value[0, 1]) }),
        ("\(state)z_H", results.flatMap(\.high.value.floats)),
        ("\(state)z_L", results.flatMap(\.low.value.floats)),
    ] {
        expectClose(values, try io[name].floats, tolerance, name)
    }
}

private func expectGradients(
    _ gradients: GoldenTensors, of segment: ReferenceSegment,
    _ results: [ReferenceSegment.Results]
) throws {
    for (name, parameter) in segment.parameters {
        let expected = try gradients[name].floats
        expectClose(parameter.gradient.floats, expected, .ofMaximum(expected, 1e-4), name)
    }
    guard segment.model.configuration.puzzleEmbeddingSize > 0 else { return }
    let name = "puzzle_emb.local_weights"
    let expected = try gradients[name].floats
    expectClose(
        results.flatMap { $0.puzzleRow?.gradient.floats ?? [] }, expected,
        .ofMaximum(expected, 1e-4), name)
}

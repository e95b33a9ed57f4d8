import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// Kinds `hrm_inner` and `trm_inner`: the embedded input, and the gradients of a linear functional
/// of a segment's results where they are stored.
func checkReferenceGradients(_ golden: GoldenCase) throws {
    struct Case: Decodable {
        var config: GoldenConfiguration
    }
    let stored = try golden.json(Case.self)
    let io = try golden.tensors("io.safetensors")
    let model = ReferenceModel(
        try stored.config.model(weights: golden.tensors("weights.safetensors")))
    let identifiers = try io["puzzle_identifiers"].integers.map(Int32.init)
    let segment = ReferenceSegment(model)
    let results = try identifiers.indices.map { index in
        segment(
            inputs: try io.integers("inputs", at: index).map(Int32.init),
            identifier: identifiers[index],
            from: ReferenceStates(
                high: try io.states("carry_in_z_H", sequence: index),
                low: try io.states("carry_in_z_L", sequence: index)),
            learning: true)
    }
    expectClose(
        results.flatMap(\.input.value.floats), try io["input_embeddings"].floats,
        Tolerance(absolute: 1e-6), "input_embeddings")
    guard io.names.contains("grad_logits") else { return }
    for (index, results) in results.enumerated() {
        func upstream(_ name: String, columns: Int) throws -> Variable {
            let values = try io.doubles(name, at: index)
            return Variable(PlainMatrix(values, rows: values.count / columns, columns: columns))
        }
        let q = Variable.joined([
            try upstream("grad_q_halt", columns: 1), try upstream("grad_q_continue", columns: 1),
        ])
        let logits = try upstream("grad_logits", columns: results.logits.columns)
        ((results.logits * logits).sum + (results.qLogits * q).sum).backward()
    }
    let gradients = try golden.tensors("grads.safetensors")
    for (name, parameter) in segment.parameters {
        let expected = try gradients[name].floats
        expectClose(parameter.gradient.floats, expected, .ofMaximum(expected, 1e-4), name)
    }
    guard model.configuration.puzzleEmbeddingSize > 0 else { return }
    let name = "puzzle_emb.local_weights"
    let expected = try gradients[name].floats
    expectClose(
        results.flatMap { $0.puzzleRow?.gradient.floats ?? [] }, expected,
        .ofMaximum(expected, 1e-4), name)
}

import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

/// Kinds `hrm_inner` and `trm_inner`: one call of the whole inner model and a second one from its carry; gradients
/// of a linear functional of its outputs where they are stored.
func checkInner(_ golden: GoldenCase) throws {
    struct Case: Decodable {
        var config: GoldenConfiguration
        var puzzle_emb_len: Int
        var bfloat16_vs_float32: [String: Difference]?
    }
    let stored = try golden.json(Case.self)
    let io = try golden.tensors("io.safetensors")
    let model = try stored.config.model(weights: golden.tensors("weights.safetensors"))
    #expect(model.configuration.prefixLength == stored.puzzle_emb_len)
    let identifiers = try io["puzzle_identifiers"].integers.map(Int32.init)
    let size = identifiers.count
    let inputs = try io["inputs"].integers.map(Int32.init)

    var carry = Carry(batchSize: size, model: model)
    carry.refill(
        from: TokenBatch(inputs: inputs, labels: inputs, puzzleIdentifiers: identifiers),
        model: model)
    carry.high.assign(try io["carry_in_z_H"].floats)
    carry.low.assign(try io["carry_in_z_L"].floats)

    let embedded = Matrix(
        rows: size * model.positionCount, columns: model.configuration.hiddenSize,
        precision: model.configuration.forwardPrecision.storage)
    model.embedding.forward(
        inputs: inputs[...], identifiers: identifiers[...], parameters: model.parameters,
        puzzleEmbedding: model.puzzleEmbedding, into: embedded)

    let names = ["logits", "q_halt", "q_continue", "z_H", "z_L"]
    func results(_ engine: ReasoningEngine) -> [[Float]] {
        [
            model.tokenLogits(engine.outputs, batchSize: size),
            engine.outputs.qLogits.columns(0..<1).values,
            engine.outputs.qLogits.columns(1..<2).values, carry.high.values, carry.low.values,
        ]
    }
    func file(_ name: String, _ prefix: String) -> String {
        switch (name, prefix) {
        case ("q_halt", _), ("q_continue", _): "\(prefix)\(name)_logits"
        case ("z_H", ""), ("z_L", ""): "carry_out_\(name)"
        default: prefix + name
        }
    }
    let isInference = !io.names.contains("grad_logits")
    if let recorded = stored.bfloat16_vs_float32 {
        let engine = ReasoningEngine(
            model: model, batchSize: size, workers: Workers(count: 2), training: false)
        _ = engine.evaluationStep(&carry, maxSteps: 2)
        for (name, values) in zip(names, results(engine)) {
            let difference = try #require(recorded[name])
            difference.expect(values, against: try io[file(name, "float32_")].floats, name)
        }
        return
    }
    expectClose(
        embedded.values, try io["input_embeddings"].floats, Tolerance(absolute: 1e-6),
        "input_embeddings")
    if isInference {
        let engine = ReasoningEngine(
            model: model, batchSize: size, workers: Workers(count: 2), training: false)
        for (prefix, tolerance) in [("", 1e-4), ("second_", 3e-4)] {
            _ = engine.evaluationStep(&carry, maxSteps: 3)
            for (name, values) in zip(names, results(engine)) {
                let key = file(name, prefix)
                expectClose(values, try io[key].floats, Tolerance(absolute: tolerance), key)
            }
        }
        return
    }

    let gradients = try golden.tensors("grads.safetensors")
    let worker = SegmentWorker(
        model: model, sizes: [size], team: Team(), training: true, stopwatch: nil)
    let outputs = ReasoningEngine(
        model: model, batchSize: size, workers: Workers(count: 1), training: true
    ).outputs
    let upstream = (
        logits: try io["grad_logits"].floats, halt: try io["grad_q_halt"].floats,
        continue: try io["grad_q_continue"].floats
    )
    worker.learn(model, carry: carry, slots: 0..<size, outputs: outputs) { _, memory, _ in
        let vocabulary = model.dimensions.vocabularySize
        let perSequence = model.dimensions.sequenceLength * vocabulary
        let padding = [Float](repeating: 0, count: model.configuration.prefixLength * vocabulary)
        memory.logitsGradient32.assign(
            (0..<size).flatMap {
                padding + upstream.logits[($0 * perSequence)..<(($0 + 1) * perSequence)]
            })
        memory.qGradient.assign(zip(upstream.halt, upstream.continue).flatMap { [$0, $1] })
    }
    expectClose(
        model.tokenLogits(outputs, batchSize: size), try io["logits"].floats,
        Tolerance(absolute: 1e-4), "logits")
    let flat = try #require(worker.gradients)
    for entry in model.layout.entries {
        let expected = try gradients[entry.name].floats
        expectClose(
            entry.matrix(in: flat).values, expected, .ofMaximum(expected, 1e-4), entry.name)
    }
    if let puzzle = outputs.puzzleGradient {
        let expected = try gradients["puzzle_emb.local_weights"].floats
        let width = model.configuration.puzzleEmbeddingSize
        expectClose(
            puzzle.regrouped(rows: size).columns(0..<width).values, expected,
            .ofMaximum(expected, 1e-4), "puzzle_emb.local_weights")
    }
}

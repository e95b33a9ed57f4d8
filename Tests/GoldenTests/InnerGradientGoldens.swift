import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

/// Kinds `hrm_inner` and `trm_inner`, the processor's internals: the embedded input, and the
/// gradients of a linear functional of the outputs where they are stored.
func checkInnerGradients(_ golden: GoldenCase) throws {
    struct Case: Decodable {
        var config: GoldenConfiguration
    }
    if golden.isRounded { return }
    let stored = try golden.json(Case.self)
    let io = try golden.tensors("io.safetensors")
    let model = try stored.config.model(weights: golden.tensors("weights.safetensors"))
    let batch = try io.innerBatch()
    let size = batch.puzzleIdentifiers.count
    let embedded = Matrix(
        rows: size * model.positionCount, columns: model.configuration.hiddenSize,
        precision: model.configuration.forwardPrecision.storage)
    model.embedding.forward(
        inputs: batch.inputs[...], identifiers: batch.puzzleIdentifiers[...],
        parameters: model.parameters, puzzleEmbedding: model.puzzleEmbedding, into: embedded)
    expectClose(
        embedded.values, try io["input_embeddings"].floats, Tolerance(absolute: 1e-6),
        "input_embeddings")
    guard io.names.contains("grad_logits") else { return }

    var whole = CPUCarry(batchSize: size, model: model)
    whole.refill(from: batch, model: model)
    whole.high.assign(try io["carry_in_z_H"].floats)
    whole.low.assign(try io["carry_in_z_L"].floats)
    let gradients = try golden.tensors("grads.safetensors")
    let worker = SegmentWorker(
        model: model, sizes: [size], team: Team(), training: true, stopwatch: nil)
    let outputs = SegmentExecutor(
        model: model, batchSize: size, workers: Workers(count: 1), training: true
    ).outputs
    let upstream = (
        logits: try io["grad_logits"].floats, halt: try io["grad_q_halt"].floats,
        continue: try io["grad_q_continue"].floats
    )
    worker.learn(model, carry: whole, slots: 0..<size, outputs: outputs) { _, memory, _ in
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

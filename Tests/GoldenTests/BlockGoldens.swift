import Foundation
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

/// Kinds `hrm_block` and `trm_block`: one block, forward, and backward where gradients are stored.
func checkBlock(_ golden: GoldenCase) throws {
    struct Case: Decodable {
        var config: GoldenConfiguration
        var bfloat16_vs_float32: Difference?
    }
    let stored = try golden.json(Case.self)
    let tensors = try golden.tensors()
    let input = try tensors["input"]
    let (sequences, positions) = (input.shape[0], input.shape[1])
    var configuration = try stored.config.architecture()
    let isRounded = stored.bfloat16_vs_float32 != nil
    configuration.forwardPrecision = isRounded ? .bfloat16 : .float32
    configuration.puzzleEmbeddingSize = 0
    let model = HierarchicalReasoningModel(
        blank: configuration,
        dimensions: PuzzleDimensions(
            vocabularySize: 2, sequenceLength: positions, puzzleIdentifierCount: 1),
        trainable: true)
    let block = try #require(model.modules.last?.blocks.first)
    let names = Dictionary(
        uniqueKeysWithValues: block.layers.map {
            ($0.entry.name.replacingOccurrences(of: "L_level.layers.0.", with: ""), $0)
        })
    for (name, layer) in names {
        layer.entry.matrix(in: model.parameters).assign(try tensors["weight.\(name)"].floats)
    }
    model.pack(workers: Workers(count: 1))

    let shape = model.shape
    let rows = sequences * positions
    func matrix(_ values: [Float]? = nil) -> Matrix {
        let result = Matrix(rows: rows, columns: shape.width, precision: shape.precision)
        if let values { result.assign(values) }
        return result
    }
    let activations = BlockActivations(
        sequences: sequences, shape: shape, saved: true,
        shared: SharedActivations(sequences: sequences, shape: shape, training: true))
    let context = BlockContext(
        heads: model.rotary, epsilon: Float(configuration.normEpsilon), team: Team(),
        stopwatch: nil)
    let (x, y) = (matrix(input.floats), matrix())
    block.forward(x, into: y, activations: activations, context: context)

    if let recorded = stored.bfloat16_vs_float32 {
        expectClose(
            y.values, try tensors["output"].floats, Tolerance(absolute: 0.04), "bfloat16 output")
        recorded.expect(y.values, against: try tensors["float32_output"].floats, "output")
        return
    }
    expectClose(y.values, try tensors["output"].floats, Tolerance(absolute: 1e-5), "output")
    if let tables = model.rotary.tables {
        for (table, name) in [(tables.cosines, "rope_cos"), (tables.sines, "rope_sin")] {
            let full = try tensors[name]
            let half = Matrix(full.floats, rows: full.shape[0], columns: full.shape[1])
                .columns(0..<(full.shape[1] / 2))
            expectClose(table.values, half.values, Tolerance(absolute: 2e-7), name)
        }
    }

    let gradients = Matrix(rows: 1, columns: model.layout.flatCount)
    let dx = matrix()
    block.backward(
        matrix(try tensors["grad_output"].floats), x: x, y: y, activations: activations,
        buffers: BlockGradients(rows: rows, shape: shape), gradients: gradients, into: dx,
        context: context)
    expectClose(
        dx.values, try tensors["grad_input"].floats, Tolerance(absolute: 1e-5), "grad_input")
    for (name, layer) in names {
        let expected = try tensors["grad.\(name)"].floats
        expectClose(
            layer.entry.matrix(in: gradients).values, expected, .ofMaximum(expected, 1e-5), name)
    }
}

/// How far a bfloat16 run of the reference was from its float32 run.
struct Difference: Decodable {
    var max_abs: Double
    var rms: Double

    /// Another correct bfloat16 implementation differs from float32 by about as much.
    func expect(_ values: [Float], against float32: [Float], _ name: String) {
        #expect(values.count == float32.count)
        let differences = zip(values, float32).map { Double($0 - $1) }
        let squares = differences.reduce(0) { $0 + $1 * $1 }
        let rms = (squares / Double(max(1, differences.count))).squareRoot()
        #expect(rms <= 1.5 * self.rms, "\(name): RMS difference to float32")
        #expect(
            differences.allSatisfy { abs($0) <= 3 * max_abs }, "\(name): largest difference")
    }
}

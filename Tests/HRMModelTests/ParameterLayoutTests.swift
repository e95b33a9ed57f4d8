import Testing
import _HRMTestSupport

@testable import HRMModel

@Suite struct ParameterLayoutTests {
    @Test func thePublishedModelHasItsParameters() {
        let layout = ParameterLayout(
            configuration: HRMConfiguration(),
            dimensions: PuzzleDimensions(
                vocabularySize: 11, sequenceLength: 81, puzzleIdentifierCount: 1))
        #expect(layout.parameterCount == 27_275_266)
        #expect(layout.entries.count == 4 + 8 * 4)
        #expect(
            layout.entry("H_level.layers.3.mlp.gate_up_proj.weight").shape == [3072, 512])
    }

    @Test func namesAndShapesAreTheReferences() throws {
        let configuration = try TestModel.configuration {
            $0.positionEncoding = .learned
            $0.lowLayers = 2
        }
        let layout = ParameterLayout(
            configuration: configuration, dimensions: TestModel.dimensions)
        let block = [
            ("self_attn.qkv_proj.weight", [36, 12]), ("self_attn.o_proj.weight", [12, 12]),
            ("mlp.gate_up_proj.weight", [512, 12]), ("mlp.down_proj.weight", [12, 256]),
        ]
        var expected = [
            ("embed_tokens.embedding_weight", [5, 12]), ("lm_head.weight", [5, 12]),
            ("q_head.weight", [2, 12]), ("q_head.bias", [2]),
            ("embed_pos.embedding_weight", [11, 12]),
        ]
        for prefix in ["H_level.layers.0.", "L_level.layers.0.", "L_level.layers.1."] {
            expected += block.map { (prefix + $0.0, $0.1) }
        }
        #expect(layout.entries.map(\.name) == expected.map(\.0))
        #expect(layout.entries.map(\.shape) == expected.map(\.1))
        #expect(layout.buffers.map(\.name) == ["H_init", "L_init", "puzzle_emb.weights"])
        #expect(layout.buffers.map(\.shape) == [[12], [12], [4, 17]])
    }

    /// A block of related positions is a SwiGLU of a position's features, or a symbol's, beside means.
    @Test(arguments: [(0, [128, 36], [12, 64]), (3, [128, 16], [4, 64])])
    func aBlockOfRelatedPositions(symbols: Int, gateUp: [Int], down: [Int]) throws {
        let configuration = try TestModel.configuration {
            TestModel.Kind.related.apply(to: &$0)
            $0.symbolCount = symbols
        }
        let layout = ParameterLayout(
            configuration: configuration, dimensions: TestModel.dimensions)
        #expect(layout.entries.dropFirst(4).map(\.shape) == [gateUp, down])
        let names = ["gate_up_proj", "down_proj"].map { "L_level.layers.0.mlp.\($0).weight" }
        #expect(layout.entries.dropFirst(4).map(\.name) == names)
    }

    @Test func aTinyModelHasOneStack() throws {
        let configuration = try TestModel.configuration {
            $0.family = .tiny
            $0.mixesPositions = true
            $0.positionEncoding = .none
            $0.highLayers = 0
            $0.lowLayers = 2
        }
        let layout = ParameterLayout(
            configuration: configuration, dimensions: TestModel.dimensions)
        let names = layout.entries.map(\.name)
        #expect(
            names.dropFirst(4)
                == (0..<2).flatMap { layer in
                    ["mlp_t.gate_up_proj", "mlp_t.down_proj", "mlp.gate_up_proj", "mlp.down_proj"]
                        .map { "L_level.layers.\(layer).\($0).weight" }
                }[...])
        // 2 + 9 positions; 1 · 11 · 2/3 = 7.3 becomes 7, then 256.
        #expect(layout.entry("L_level.layers.1.mlp_t.gate_up_proj.weight").shape == [512, 11])
        #expect(layout.entry("L_level.layers.1.mlp_t.down_proj.weight").shape == [11, 256])
        #expect(layout.buffers.map(\.name) == ["H_init", "L_init", "puzzle_emb.weights"])
    }

    @Test func aTransformerHasOneStateAndOneStack() throws {
        let layout = ParameterLayout(
            configuration: try TestModel.configuration {
                $0.family = .transformer
                $0.highLayers = 2
                $0.lowLayers = 0
            }, dimensions: TestModel.dimensions)
        #expect(layout.entries.dropFirst(4).allSatisfy { $0.name.hasPrefix("H_level.") })
        #expect(layout.entries.count == 4 + 8)
        #expect(layout.buffers.map(\.name) == ["H_init", "puzzle_emb.weights"])
    }

    @Test func whatIsNotThereHasNoPlace() throws {
        let layout = ParameterLayout(
            configuration: try TestModel.configuration { $0.puzzleEmbeddingSize = 0 },
            dimensions: TestModel.dimensions)
        #expect(layout.buffers.map(\.name) == ["H_init", "L_init"])
        #expect(!layout.entries.contains { $0.name.hasPrefix("embed_pos") })
    }

    /// Tensors begin at multiples of 16, one after the other.
    @Test func tensorsDoNotOverlap() throws {
        for width in [2, 12, 18] {
            let layout = ParameterLayout(
                configuration: try TestModel.configuration {
                    $0.hiddenSize = width
                    $0.headCount = 1
                    $0.positionEncoding = .learned
                    $0.puzzleEmbeddingSize = 0
                }, dimensions: TestModel.dimensions)
            var end = 0
            for entry in layout.entries {
                #expect(entry.offset.isMultiple(of: 16) && entry.offset >= end, "\(entry.name)")
                #expect(entry.offset - end < 16, "\(entry.name)")
                end = entry.offset + entry.count
            }
            #expect(layout.flatCount >= end)
            #expect(layout.parameterCount == layout.entries.reduce(0) { $0 + $1.count })
        }
    }
}

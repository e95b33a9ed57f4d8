import HRMModel
import Testing
import _HRMTestSupport

@Suite struct SegmentCostTests {
    /// Numbers worked out by hand from the formula for the published setting: D = 512, I = 1536,
    /// T = 82, 24 block passes, 8 of them with gradient.
    @Test func thePublishedSetting() {
        let cost = SegmentCost(
            configuration: HRMConfiguration(),
            dimensions: PuzzleDimensions(
                vocabularySize: 11, sequenceLength: 81, puzzleIdentifierCount: 1))
        let products = 82.0 * 2 * (4 * 262_144 + 3 * 786_432)
        let attention = 82.0 * 82 * 4 * 512
        #expect(cost.inference == 24 * (products + attention))
        #expect(cost.training == 48 * (products + attention) + 8 * (2 * products + 2.5 * attention))
    }

    /// Modules of different depth, of which only the last application of each carries gradient.
    @Test func modulesOfDifferentDepth() throws {
        let configuration = try TestModel.configuration {
            $0.highLayers = 3
            $0.lowLayers = 1
            $0.highCycles = 2
            $0.lowCycles = 5
        }
        let cost = SegmentCost(configuration: configuration, dimensions: TestModel.dimensions)
        let positions = 11.0  // 9 cells behind a prefix of ⌈17 / 12⌉
        let products = positions * 2 * (4 * 144 + 3 * 12 * 256)
        let attention = positions * positions * 4 * 12
        #expect(cost.inference == 16 * (products + attention))
        #expect(cost.training == 32 * (products + attention) + 4 * (2 * products + 2.5 * attention))
    }

    /// 9 symbols of 16 features: D = 144, I = ⌈3 · 32 · 2/3⌉ = 64, T = 81, J = 256; 2 · 3 applications
    /// of two blocks, 3 of them with gradient.
    @Test func symbolsOfAPosition() throws {
        var configuration = HRMConfiguration()
        configuration.family = .tiny
        configuration.hiddenSize = 144
        configuration.expansion = 3
        configuration.lowLayers = 2
        configuration.ignoresContinue = true
        configuration.puzzleEmbeddingSize = 0
        configuration.mixesPositions = true
        configuration.positionEncoding = .none
        configuration.symbolCount = 9
        try configuration.validate()
        let cost = SegmentCost(
            configuration: configuration,
            dimensions: PuzzleDimensions(
                vocabularySize: 11, sequenceLength: 81, puzzleIdentifierCount: 1))
        let rows = 81.0 * 9
        let means = 81.0
        let perceptron = 2 * (rows * 3 + means * 2) * 16 * 64
        let mixing = 144.0 * 2 * 3 * 81 * 256
        #expect(cost.mixing == (12 * mixing, 24 * mixing))
        #expect(cost.inference == 12 * (perceptron + mixing))
        #expect(cost.training == 24 * (perceptron + mixing))
    }

    /// The same symbols beside the means of 9 rows, columns and boxes: I = ⌈1.2 · 80 · 2/3⌉ = 64.
    ///
    /// There is nothing before the SwiGLU, and a mean goes into it once, however many rows see it.
    @Test func relatedPositions() throws {
        var configuration = HRMConfiguration()
        configuration.family = .tiny
        configuration.hiddenSize = 144
        configuration.expansion = 1.2
        configuration.lowLayers = 2
        configuration.ignoresContinue = true
        configuration.puzzleEmbeddingSize = 0
        configuration.positionEncoding = .none
        configuration.symbolCount = 9
        configuration.relations = [.row, .column, .box]
        let dimensions = PuzzleDimensions(
            vocabularySize: 11, sequenceLength: 81, puzzleIdentifierCount: 1)
        try configuration.validate(for: dimensions)
        let cost = SegmentCost(configuration: configuration, dimensions: dimensions)
        let means = 81.0 + 3 * 9 * 9
        let pass = 2 * (81.0 * 9 * 3 + means * 2) * 16 * 64
        #expect(cost.mixing == (0, 0))
        #expect(cost.inference == 12 * pass)
        #expect(cost.training == 24 * pass)
    }

    /// The published TRM: D = 512, I = 1536, T = 97, J = 512; 3 · 7 applications of two blocks, 7 of
    /// them with gradient; no second segment.
    @Test(arguments: [true, false])
    func thePublishedTinyModel(mixesPositions: Bool) {
        var configuration = HRMConfiguration()
        configuration.family = .tiny
        configuration.lowLayers = 2
        (configuration.highCycles, configuration.lowCycles) = (3, 6)
        configuration.ignoresContinue = true
        configuration.puzzleEmbeddingLength = 16
        configuration.mixesPositions = mixesPositions
        let cost = SegmentCost(
            configuration: configuration,
            dimensions: PuzzleDimensions(
                vocabularySize: 11, sequenceLength: 81, puzzleIdentifierCount: 1))
        let perceptron = 97.0 * 2 * 3 * 786_432
        let mixing = mixesPositions ? 512.0 * 2 * 3 * 97 * 512 : 0
        let products = mixesPositions ? mixing : 97.0 * 2 * 4 * 262_144
        let attention = mixesPositions ? 0 : 97.0 * 97 * 4 * 512
        let pass = perceptron + products + attention
        #expect(cost.inference == 42 * pass)
        #expect(cost.mixing == (42 * mixing, 70 * mixing))
        #expect(
            cost.training
                == 42 * pass + 14 * (2 * (perceptron + products) + 2.5 * attention))
    }

    /// The baseline: each of its blocks once, with gradient.
    @Test func theTransformer() {
        var configuration = HRMConfiguration()
        configuration.family = .transformer
        configuration.highLayers = 8
        configuration.haltMaxSteps = 1
        let dimensions = PuzzleDimensions(
            vocabularySize: 11, sequenceLength: 81, puzzleIdentifierCount: 1)
        let cost = SegmentCost(configuration: configuration, dimensions: dimensions)
        let products = 82.0 * 2 * (4 * 262_144 + 3 * 786_432)
        let attention = 82.0 * 82 * 4 * 512
        #expect(cost.inference == 8 * (products + attention))
        #expect(cost.training == 8 * (3 * products + 3.5 * attention))
        // As many parameters as the published HRM, one initial state fewer.
        #expect(
            ParameterLayout(configuration: configuration, dimensions: dimensions).parameterCount
                == 27_275_266)
    }
}

import HRMModel
import Testing

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
        let positions = 7.0  // 5 cells behind a prefix of ⌈17 / 12⌉
        let products = positions * 2 * (4 * 144 + 3 * 12 * 256)
        let attention = positions * positions * 4 * 12
        #expect(cost.inference == 16 * (products + attention))
        #expect(cost.training == 32 * (products + attention) + 4 * (2 * products + 2.5 * attention))
    }
}

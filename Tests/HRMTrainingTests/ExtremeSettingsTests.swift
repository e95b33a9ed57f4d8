import Foundation
import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMTraining

/// Whatever numbers a configuration has: an error that names a key, or a model that can be made.
@Suite struct ExtremeSettingsTests {
    private static let numbers = [
        "0", "1", "2", "3", "7", "16", "64", "-1", "16384", "65536", "1000000", "1000000000",
        "9223372036854775807", "-9223372036854775808", "0.5", "0.01", "1e-300", "1e300", "0.999",
        "1e-12", "null", "63.9", "1e-5",
    ]

    private static func value<Generator: RandomNumberGenerator>(
        of key: ConfigurationKey, using generator: inout Generator
    ) -> String {
        let choices: [String]
        if key.expectation.hasPrefix("one of ") {
            choices = key.expectation.dropFirst(7).components(separatedBy: ", ")
        } else if key.expectation.hasPrefix("true") {
            choices = ["true", "false"]
        } else if key.name == "arch.relations" {
            choices = ["none", "row", "row,column,box", "neighbours", "board", "box"]
        } else if key.name == "depth_curriculum" {
            choices = [
                "null", "0:1x1", "0:1x1,0.5:2x2", "0:9223372036854775807x2", "0:1x1,0.999999:1x2",
            ]
        } else if key.name == "segment_curriculum" {
            choices = ["null", "0:1,0.5:2", "0:-1", "0:9223372036854775807", "0:16"]
        } else {
            choices = numbers
        }
        return choices.randomElement(using: &generator) ?? ""
    }

    private static let dimensions = [
        PuzzleDimensions(vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 1),
        PuzzleDimensions(vocabularySize: 1, sequenceLength: 1, puzzleIdentifierCount: 1),
        PuzzleDimensions(vocabularySize: 11, sequenceLength: 81, puzzleIdentifierCount: 3),
        PuzzleDimensions(vocabularySize: 5, sequenceLength: 6, puzzleIdentifierCount: 2),
        PuzzleDimensions(
            vocabularySize: 1 << 24, sequenceLength: 1 << 16, puzzleIdentifierCount: 1 << 31),
    ]

    private static func small() -> TrainingConfiguration {
        var configuration = TinyPuzzles.configuration
        configuration.architecture.hiddenSize = 4
        configuration.architecture.expansion = 0.2
        configuration.architecture.puzzleEmbeddingSize = 0
        configuration.globalBatchSize = 2
        return configuration
    }

    @Test func validateKnowsWhatCanBeLaidOut() throws {
        var (valid, trained) = (0, 0)
        let presets = Preset.allCases.map(\.configuration) + [TrainingConfiguration()]
        for round in 0..<2000 {
            var generator = SeededGenerator(seed: 31, stream: UInt64(round))
            var configuration =
                round.isMultiple(of: 2)
                ? Self.small() : presets.randomElement(using: &generator) ?? Self.small()
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                let key = ConfigurationKey.all.randomElement(using: &generator)
                guard let key, key.name != "data_path", key.name != "load_checkpoint" else {
                    continue
                }
                try? configuration.set("\(key.name)=\(Self.value(of: key, using: &generator))")
            }
            let dimensions = Self.dimensions.randomElement(using: &generator) ?? Self.dimensions[0]
            do throws(ConfigurationError) {
                try configuration.validate(for: dimensions)
            } catch {
                #expect(!error.key.isEmpty && !error.requirement.isEmpty)
                continue
            }
            valid += 1
            let layout = ParameterLayout(
                configuration: configuration.architecture, dimensions: dimensions)
            #expect(layout.entries.allSatisfy { $0.shape.allSatisfy { $0 > 0 } }, "round \(round)")
            let cost = TrainingCost(configuration: configuration, dimensions: dimensions)
            #expect(cost.steps(within: 1e12) >= 0)
            _ = configuration.learningSlots(at: 1)
            try? configuration.requireMemory(for: dimensions, workers: 2, available: 1 << 33)
            let slots =
                Double(configuration.globalBatchSize) * Double(configuration.interleavedBatches)
            let work =
                slots * Double(dimensions.sequenceLength + 64)
                * Double(configuration.architecture.hiddenSize)
                * Double(configuration.architecture.applications)
            guard layout.flatCount < 20_000, work < 300_000, trained < 60,
                configuration.architecture.haltMaxSteps < 100
            else { continue }
            trained += 1
            train(configuration, dimensions)
        }
        #expect(valid > 150 && trained > 15, "\(valid) valid, \(trained) trained")
    }

    /// Makes two steps; what comes of them may be no number, but must come.
    private func train(_ configuration: TrainingConfiguration, _ dimensions: PuzzleDimensions) {
        var generator = SeededGenerator(seed: 1)
        let model = HierarchicalReasoningModel(
            configuration: configuration.architecture, dimensions: dimensions, using: &generator)
        var trainer = Trainer(
            model: model, configuration: configuration, totalSteps: 2, workers: Workers(count: 1))
        let cells = configuration.globalBatchSize * dimensions.sequenceLength
        let tokens = (0..<cells).map { Int32($0 % dimensions.vocabularySize) }
        let batch = TokenBatch(
            inputs: tokens, labels: tokens,
            puzzleIdentifiers: [Int32](repeating: 0, count: configuration.globalBatchSize))
        for _ in 0..<2 { #expect(trainer.advance(with: batch) != nil) }
    }

    @Test(arguments: [
        ("0.01", 64, "0"), ("0.001", 512, "0"), ("1e-300", 16384, "0"), ("0.02", 32, "0"),
    ])
    func anInnerWidthOfNothingIsRefused(_ expansion: String, _ width: Int, _ inner: String) throws {
        var configuration = Preset.demo.configuration
        configuration.architecture.hiddenSize = width
        try configuration.set("expansion=\(expansion)")
        let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
        #expect(error?.key == "expansion")
        #expect(
            error?.requirement.contains("inner width of expansion * \(width) * 2/3, rounded: 0")
                == true)
        // What it names as the least fits.
        let least = error?.requirement.split(separator: " ").last.map(String.init) ?? ""
        try configuration.set("expansion=\(least)")
        try configuration.validate()
        #expect(configuration.architecture.innerSize == 256)
    }

    /// Of positions there can be fewer than features.
    @Test func aMixerNeedsAWidthToo() throws {
        var configuration = Preset.trmSmall.configuration
        try configuration.set("expansion=0.02")
        try configuration.validate()
        let error = #expect(throws: ConfigurationError.self) {
            try configuration.validate(for: Self.dimensions[0])
        }
        #expect(error?.requirement.contains("a SwiGLU of 16 inputs an inner width") == true)
    }

    /// A batch that grows for a long time is counted without walking through all of it.
    @Test func longWarmUpsAreCountedQuickly() throws {
        var configuration = TinyPuzzles.configuration
        configuration.batchWarmupSteps = 37
        configuration.globalBatchSize = 5
        func cost() -> TrainingCost {
            TrainingCost(configuration: configuration, dimensions: Self.dimensions[0])
        }
        let one = cost().operations(of: 1, outOf: 1) / Double(configuration.learningSlots(at: 1))
        for steps in [1, 2, 9, 36, 37, 38, 60] {
            let slots = (1...steps).reduce(0) { $0 + configuration.learningSlots(at: $1) }
            #expect(
                abs(cost().operations(of: steps, outOf: steps) / one - Double(slots)) < 1e-6
                    * Double(slots))
        }
        configuration.batchWarmupSteps = 1_000_000_000
        #expect(cost().steps(within: 1e12) > 0)
    }

    @Test func freezingNeedsSomethingToLearn() {
        var configuration = Preset.demo.configuration
        configuration.freezesWeights = true
        let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
        #expect(error?.key == "freeze_weights")
        #expect(error?.requirement.contains("puzzle_emb_ndim is 0") == true)
    }
}

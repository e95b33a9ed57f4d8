import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMTraining

@Suite struct TrainingMemoryTests {
    private static let dimensions = PuzzleDimensions(
        vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 7)

    /// The bytes of an engine for training, without activations.
    private static func bytes(of engine: CPUEngine) throws -> Int {
        func bytes(_ matrices: [Matrix]) -> Int {
            matrices.reduce(0) { $0 + $1.rows * $1.columns * $1.precision.byteCount }
        }
        let model = engine.model
        let rows = try #require(model.puzzleEmbedding)
        return bytes([model.parameters, rows, engine.executor.outputs.logits])
            + bytes(engine.executor.gradients) + bytes(engine.tensors(.optimizer).map(\.values))
            + bytes(engine.tensors(.states).map(\.values))
    }

    @Test(arguments: [1, 3], ActivationPrecision.allCases)
    func itIsWhatATrainerHolds(workers: Int, precision: ActivationPrecision) throws {
        var configuration = TinyPuzzles.configuration
        configuration.architecture.forwardPrecision = precision
        configuration.averagesWeights = workers == 3
        var generator = SeededGenerator(seed: 1)
        let model = HierarchicalReasoningModel(
            configuration: configuration.architecture, dimensions: Self.dimensions,
            using: &generator)
        let engine = CPUEngine(
            training: model, optimizers: configuration.optimizers,
            batchSize: configuration.globalBatchSize, workers: Workers(count: workers))
        let bytes = UInt64(try Self.bytes(of: engine))
        try configuration.requireMemory(
            for: Self.dimensions, workers: workers, available: bytes)
        #expect(throws: ConfigurationError.self) {
            try configuration.requireMemory(
                for: Self.dimensions, workers: workers, available: bytes - 1)
        }
    }

    /// Sizes that are valid one by one.
    @Test func theSettingBehindMostOfItIsNamed() {
        func message(
            identifiers: Int = 1, workers: Int = 1,
            _ change: (inout TrainingConfiguration) -> Void = { _ in }
        ) -> String {
            var configuration = TinyPuzzles.configuration
            change(&configuration)
            var dimensions = Self.dimensions
            dimensions.puzzleIdentifierCount = identifiers
            do throws(ConfigurationError) {
                try configuration.requireMemory(
                    for: dimensions, workers: workers, available: 8_000_000_000)
                return ""
            } catch {
                return error.description
            }
        }
        #expect(message().isEmpty)
        #expect(
            message(identifiers: 2_000_000_000)
                == "num_puzzle_identifiers=2000000000 is too much for this machine: training takes "
                + "at least 128.0 GB of memory, 128.0 GB of it for the puzzle embedding, and there "
                + "are 8.0 GB; look whether dataset.json is right, or lower puzzle_emb_ndim")
        #expect(message { $0.architecture.hiddenSize = 16384 }.hasPrefix("hidden_size=16384 "))
        let threads = message(workers: 1_000_000)
        #expect(
            threads.hasPrefix("workers=1000000 is too much")
                && threads.contains("use fewer workers"))
        let batches = message {
            $0.globalBatchSize = 1_000_000
            $0.interleavedBatches = 16
        }
        #expect(batches.hasPrefix("global_batch_size=1000000 "))
    }

    @Test func aSessionAsks() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            var configuration = TinyPuzzles.configuration
            configuration.architecture.hiddenSize = 16384
            configuration.architecture.highLayers = 128
            let error = #expect(throws: ConfigurationError.self) {
                try TrainingSession(
                    configuration: configuration, training: data.train, test: nil,
                    workers: Workers(count: 1))
            }
            #expect(error?.requirement.hasPrefix("is too much for this machine") == true)
        }
    }
}

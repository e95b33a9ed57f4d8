import Foundation
import HRMEngine
import HRMFiles
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMInference

@Suite struct WeightsImportTests {
    /// A model with five puzzles whose embeddings differ.
    private static func model(
        positions: PositionEncoding = .rope, precision: ActivationPrecision = .float32
    ) -> ModelFile {
        var configuration = TinyPuzzles.architecture
        configuration.positionEncoding = positions
        configuration.forwardPrecision = precision
        var generator = SeededGenerator(seed: 9)
        let model = HierarchicalReasoningModel(
            configuration: configuration,
            dimensions: PuzzleDimensions(
                vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 5),
            using: &generator)
        model.puzzleEmbedding?.assign(generator.values(5 * 16))
        return ModelFile(model: model)
    }

    private static func expectEqual(
        _ first: HierarchicalReasoningModel, _ second: HierarchicalReasoningModel,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(first.dimensions == second.dimensions, sourceLocation: sourceLocation)
        for entry in second.layout.entries + second.layout.buffers {
            #expect(
                first.tensor(entry)?.values == second.tensor(entry)?.values, "\(entry.name)",
                sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: ReferenceNames.allCases, ActivationPrecision.allCases)
    func weightsGoThereAndBack(_ names: ReferenceNames, _ precision: ActivationPrecision) throws {
        try withScratchFolder { folder in
            let original = Self.model(positions: .learned, precision: precision)
            let there = folder.appendingPathComponent("step_3")
            try original.pyTorchFile(names: names).write(to: there)
            let weights = try WeightsFile(contentsOf: there)
            #expect(weights.format == .pyTorch && weights.architecture == nil)
            let result = try WeightsImport(architecture: original.model.configuration)
                .model(from: weights)
            #expect(result.lengthSource == .weights && !result.isReset)
            #expect(result.rows == 5 && result.sourceRows == 5)
            let back = folder.appendingPathComponent("back.safetensors")
            try result.file.write(to: back)
            let read = try ModelFile(contentsOf: back)
            #expect(read.model.configuration == original.model.configuration)
            Self.expectEqual(read.model, original.model)
        }
    }

    @Test func ourOwnFilesBringTheirSettings() throws {
        try withScratchFolder { folder in
            let original = Self.model()
            let url = folder.appendingPathComponent("model.safetensors")
            try original.write(to: url)
            let weights = try WeightsFile(contentsOf: url)
            #expect(weights.format == .safetensors)
            let architecture = try #require(weights.architecture)
            #expect(architecture == original.model.configuration)
            let result = try WeightsImport(architecture: architecture).model(from: weights)
            #expect(result.lengthSource == .weights)
            Self.expectEqual(result.file.model, original.model)
        }
    }

    @Test func theLengthIsFoundOrAskedFor() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("step_1")
            struct Length: Equatable {
                var value: Int
                var source: WeightsImport.LengthSource
            }
            func length(
                _ positions: PositionEncoding, _ change: (inout WeightsImport) -> Void = { _ in }
            ) throws -> Length {
                let original = Self.model(positions: positions)
                try original.pyTorchFile(names: .reference).write(to: url)
                var importer = WeightsImport(architecture: original.model.configuration)
                change(&importer)
                let result = try importer.model(from: WeightsFile(contentsOf: url))
                return Length(
                    value: result.file.model.dimensions.sequenceLength,
                    source: result.lengthSource)
            }
            #expect(try length(.learned) == Length(value: 16, source: .weights))
            // A vocabulary of 6 is that of the published mazes.
            #expect(try length(.rope) == Length(value: 900, source: .vocabulary))
            let asked = try length(.rope) { $0.sequenceLength = 16 }
            #expect(asked == Length(value: 16, source: .request))
            let data = PuzzleDimensions(
                vocabularySize: 6, sequenceLength: 36, puzzleIdentifierCount: 1)
            let fitting = try length(.rope) { $0.data = data }
            #expect(fitting == Length(value: 36, source: .request))
            #expect(
                throws: ConversionError.otherSequenceLength(
                    path: url.path, expected: 16, found: 36)
            ) { try length(.learned) { $0.data = data } }
            #expect(throws: ConversionError.sequenceTooLong(length: 70000, limit: 65536)) {
                try length(.rope) { $0.sequenceLength = 70000 }
            }
        }
    }

    @Test func rowsAreKeptOrBecomeTheirMean() throws {
        try withScratchFolder { folder in
            let original = Self.model()
            let url = folder.appendingPathComponent("step_1")
            try original.pyTorchFile(names: .compiled).write(to: url)
            let weights = try WeightsFile(contentsOf: url)
            var importer = WeightsImport(architecture: original.model.configuration)
            importer.data = PuzzleDimensions(
                vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 3)
            let kept = try importer.model(from: weights)
            Self.expectEqual(kept.file.model, original.model)

            importer.puzzleEmbedding = .reset
            let reset = try importer.model(from: weights)
            #expect(reset.isReset && reset.sourceRows == 5 && reset.rows == 3)
            #expect(reset.file.model.dimensions.puzzleIdentifierCount == 3)
            let old = try #require(original.model.puzzleEmbedding?.values)
            let new = try #require(reset.file.model.puzzleEmbedding?.values)
            #expect(new.count == 3 * 16)
            for column in 0..<16 {
                let mean = (0..<5).reduce(0.0) { $0 + Double(old[$1 * 16 + column]) } / 5
                for row in 0..<3 { #expect(new[row * 16 + column] == Float(mean)) }
            }
            // Everything else is as it was.
            #expect(
                reset.file.model.parameters.values == original.model.parameters.values)

            // Three rows of sixteen numbers, twice.
            importer.availableMemory = 2 * 3 * 16 * 4
            #expect(try importer.model(from: weights).rows == 3)
            importer.availableMemory -= 1
            #expect(throws: ConversionError.tooManyIdentifiers(rows: 3, columns: 16)) {
                try importer.model(from: weights)
            }
        }
    }

    @Test func everythingThatIsWrongIsListed() throws {
        try withScratchFolder { folder in
            let original = Self.model(positions: .learned)
            var file = original.pyTorchFile(names: .reference)
            file["model.inner.lm_head.weight"] = nil
            file["model.inner.q_head.bias"] = nil
            file["optimizer.step"] = .int64([1], shape: [])
            file["model.inner.q_head.weight"] = .float32([1, 2], shape: [2, 1])
            file["model.inner.H_init"] = .int32([Int32](repeating: 1, count: 16), shape: [16])
            let url = folder.appendingPathComponent("step_1")
            try file.write(to: url)
            do {
                _ = try WeightsImport(architecture: original.model.configuration)
                    .model(from: WeightsFile(contentsOf: url))
                Issue.record("the file is accepted")
            } catch let error as CheckpointError {
                guard case .otherTensors(url.path, let differences) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(differences.missing == ["lm_head.weight", "q_head.bias"])
                #expect(differences.unexpected == ["optimizer.step"])
                #expect(differences.integral == ["H_init"])
                #expect(
                    differences.misshapen == [
                        .init(name: "q_head.weight", expected: [2, 16], found: [2, 1])
                    ])
                #expect(
                    "\(error)".contains(
                        "missing 'lm_head.weight', 'q_head.bias'; unexpected 'optimizer.step'; "
                            + "'q_head.weight' has shape [2, 1] and needs [2, 16]; whole numbers in "
                            + "'H_init'"))
            }
        }
    }

    @Test func namesMustDiffer() throws {
        try withScratchFolder { folder in
            var file = Self.model().pyTorchFile(names: .reference)
            file["H_init"] = .float32([1], shape: [1])
            let url = folder.appendingPathComponent("step_1")
            try file.write(to: url)
            #expect(throws: ConversionError.ambiguousName(path: url.path, name: "H_init")) {
                try WeightsFile(contentsOf: url)
            }
        }
    }

    @Test(arguments: [[], [6], [0, 16], [1 << 25, 1], [6, 16, 1]])
    func impossibleTablesAreRefused(_ shape: [Int]) throws {
        try withScratchFolder { folder in
            let name = "embed_tokens.embedding_weight"
            var file = Self.model().pyTorchFile(names: .bare)
            file[name] = .uint8(
                [UInt8](repeating: 0, count: shape.reduce(1, *)), shape: shape)
            let url = folder.appendingPathComponent("step_1")
            try file.write(to: url)
            #expect(
                throws: ConversionError.unusableTensor(path: url.path, name: name, shape: shape)
            ) {
                try WeightsImport(architecture: Self.model().model.configuration)
                    .model(from: WeightsFile(contentsOf: url))
            }
        }
    }

    @Test func whatIsNotThereCannotBeReset() throws {
        try withScratchFolder { folder in
            var configuration = TinyPuzzles.architecture
            configuration.puzzleEmbeddingSize = 0
            var generator = SeededGenerator(seed: 1)
            let model = HierarchicalReasoningModel(
                configuration: configuration,
                dimensions: PuzzleDimensions(
                    vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 1),
                using: &generator)
            let url = folder.appendingPathComponent("step_1")
            try ModelFile(model: model)
                .pyTorchFile(names: .bare).write(to: url)
            var importer = WeightsImport(architecture: configuration)
            let weights = try WeightsFile(contentsOf: url)
            #expect(try importer.model(from: weights).rows == 0)
            importer.puzzleEmbedding = .reset
            #expect(throws: ConversionError.noPuzzleEmbedding(path: url.path)) {
                try importer.model(from: weights)
            }
        }
    }
}

import Foundation
import HRMData
import HRMInference
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

private enum ToyCheckpoint {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared/data/reference-toy-checkpoint")
    static let isThere = FileManager.default.fileExists(atPath: folder.path)
}

/// Two checkpoints of a small model that somebody trained with the reference, where they lie beside
/// the repository.
@Suite(.enabled(if: ToyCheckpoint.isThere, "the toy checkpoint is not beside the repository"))
struct ToyCheckpointTests {
    /// The settings that its `shapes.json` gives; one segment is enough to compare.
    private static var architecture: HRMConfiguration {
        var result = HRMConfiguration()
        result.hiddenSize = 64
        result.headCount = 4
        result.expansion = 2
        result.highLayers = 1
        result.lowLayers = 1
        result.puzzleEmbeddingSize = 32
        result.haltMaxSteps = 1
        result.forwardPrecision = .float32
        result.lossType = .softmaxCrossEntropy
        return result
    }

    /// The expected numbers are of a plain PyTorch program that was written from the formulas alone.
    @Test(arguments: [
        ("hrm_best_model.pth", 2.007716532, -4.955311775),
        ("hrm_final_model.pth", 1.211515087, -4.276415825),
    ])
    func firstPuzzleAfterOneSegment(_ name: String, _ loss: Double, _ qHalt: Double) throws {
        let weights = try WeightsFile(contentsOf: ToyCheckpoint.folder.appendingPathComponent(name))
        let dataset = try PuzzleDataset(
            folder: ToyCheckpoint.folder.appendingPathComponent("data/arc-simple"), split: "test")
        var importer = WeightsImport(architecture: Self.architecture)
        importer.data = PuzzleDimensions(dataset.metadata)
        let result = try importer.model(from: weights)
        #expect(result.sourceRows == 2)
        let evaluator = Evaluator(
            model: result.file.model, workers: Workers(count: 2), batchSize: 1)
        var predicted: [Float] = []
        let reports = try evaluator.evaluate(
            dataset, limit: 1, onPrediction: { predicted.append($0.qHalt) })
        let values = try #require(reports.first).values
        let found = try #require(values.first { $0.name == "lm_loss" }).value
        expectClose([found], [loss], Tolerance(absolute: 1e-4), "lm_loss")
        expectClose(predicted.map(Double.init), [qHalt], Tolerance(absolute: 1e-4), "q_halt")
    }
}

import Foundation
import HRMData
import HRMEngine
import HRMModel
import HRMTensor
import HRMTraining

/// A 4×4 data set and settings small enough to train on in a debug build.
enum TinyPuzzles {
    /// Generated training and test splits, written to and read back from `folder`.
    static func prepare(
        in folder: URL, training: Int = 12, test: Int = 5
    ) throws -> (train: PuzzleDataset, test: PuzzleDataset) {
        var generator = SeededGenerator(seed: 5, stream: RandomStream.puzzles)
        var puzzles = try SudokuGenerator(.four, difficulty: .givens(9))
        let all = try (0..<(training + test)).map { _ in try puzzles.next(using: &generator) }
        let data = folder.appendingPathComponent("data")
        _ = try SudokuDatasetBuilder().build(
            train: .puzzles(Array(all[test...])), test: .puzzles(Array(all[..<test])),
            output: data, using: &generator)
        return (
            try PuzzleDataset(folder: data, split: "train"),
            try PuzzleDataset(folder: data, split: "test")
        )
    }

    static var configuration: TrainingConfiguration {
        var result = TrainingConfiguration()
        result.architecture.hiddenSize = 16
        result.architecture.headCount = 2
        result.architecture.highLayers = 1
        result.architecture.lowLayers = 1
        result.architecture.highCycles = 1
        result.architecture.lowCycles = 1
        result.architecture.haltMaxSteps = 2
        result.architecture.puzzleEmbeddingSize = 16
        result.architecture.positionEncoding = .learned
        result.architecture.forwardPrecision = .float32
        result.globalBatchSize = 4
        result.learningRate = 3e-3
        result.warmupSteps = 0
        result.evaluationInterval = nil
        return result
    }

    static func model(seed: UInt64 = 1) -> HierarchicalReasoningModel {
        var generator = SeededGenerator(seed: seed)
        return HierarchicalReasoningModel(
            configuration: configuration.architecture,
            dimensions: PuzzleDimensions(
                vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 1),
            using: &generator)
    }
}

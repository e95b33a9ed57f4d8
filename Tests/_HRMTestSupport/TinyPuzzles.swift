public import Foundation
public import HRMData
public import HRMEngine
public import HRMModel
import HRMTensor

/// A 4×4 data set and an architecture small enough to train on in a debug build.
public enum TinyPuzzles {
    /// Generated training and test splits, written to and read back from `folder`.
    public static func prepare(
        in folder: URL, training: Int = 12, test: Int = 5
    ) throws -> (train: PuzzleDataset, test: PuzzleDataset) {
        var generator = SeededGenerator(seed: 5, stream: 4)
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

    /// The architecture.
    public static var architecture: HRMConfiguration {
        var result = HRMConfiguration()
        result.hiddenSize = 16
        result.headCount = 2
        result.highLayers = 1
        result.lowLayers = 1
        result.highCycles = 1
        result.lowCycles = 1
        result.haltMaxSteps = 2
        result.puzzleEmbeddingSize = 16
        result.positionEncoding = .learned
        result.forwardPrecision = .float32
        return result
    }

    /// A model with new weights.
    public static func model(seed: UInt64 = 1) -> HierarchicalReasoningModel {
        var generator = SeededGenerator(seed: seed)
        return HierarchicalReasoningModel(
            configuration: architecture,
            dimensions: PuzzleDimensions(
                vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 1),
            using: &generator)
    }
}

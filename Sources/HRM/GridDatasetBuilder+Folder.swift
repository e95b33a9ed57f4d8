public import Foundation
public import HRMData
import HRMTensor

extension GridDatasetBuilder {
    /// Builds a folder from pairs and reads both splits.
    ///
    /// - Parameters:
    ///   - pairs: The pairs of both splits.
    ///   - folder: The folder to create; it must not exist.
    ///   - seed: The seed of the augmentations.
    /// - Returns: The splits, which fit `TrainingSession`.
    /// - Throws: `GridBuildError` or `DatasetError`.
    public func datasets(
        from pairs: GridSplits, in folder: URL, seed: UInt64 = 0
    ) throws -> (train: PuzzleDataset, test: PuzzleDataset) {
        var generator = SeededGenerator(seed: seed)
        _ = try build(pairs, output: folder, using: &generator)
        return (
            try PuzzleDataset(folder: folder, split: "train"),
            try PuzzleDataset(folder: folder, split: "test")
        )
    }
}

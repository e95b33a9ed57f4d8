public import HRMData
import HRMEngine
public import HRMModel

extension ModelFile {
    /// True if the weights fit Sudokus of every size.
    public var fitsEverySudoku: Bool {
        guard case .sudoku = task else { return false }
        return model.configuration.readsCandidates
    }

    /// Returns the model for another task, if its weights fit boards of any size.
    ///
    /// A model that reads candidates solves Sudokus of every size. Any other model, and a model
    /// whose task is the same, is returned unchanged.
    ///
    /// - Parameter other: The task of the puzzles.
    /// - Returns: A model with the same weights.
    /// - Throws: `ConfigurationError` if the board does not fit the model's relations.
    public func fitted(to other: PuzzleTask?) throws(ConfigurationError) -> ModelFile {
        guard model.configuration.readsCandidates, let other, other != task,
            case .sudoku(let geometry) = other
        else { return self }
        var result = self
        // Boxes of 3 rows and 2 columns are for the weights what those of 2 and 3 are.
        let box = geometry.isUsual ? BoardRelation.box : .tallBox
        result.model = try model.fitted(
            symbols: geometry.size, cells: geometry.cellCount,
            relations: model.configuration.relations.map {
                [.box, .tallBox].contains($0) ? box : $0
            })
        result.task = other
        return result
    }
}

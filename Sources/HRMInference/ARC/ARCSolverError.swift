import HRMData
import HRMFiles
public import HRMModel

/// The reason an ARC task has no answer.
public enum ARCSolverError: Error, Equatable, Sendable {
    /// The model's sequences are not those of ARC grids.
    case otherModel(PuzzleDimensions)
    /// The file with the names of the model's puzzle identifiers does not exist.
    case namesMissing(path: String)
    /// The number of names differs from the number of the model's puzzle identifiers; the path is
    /// `nil` for names that are not from a file.
    case wrongNameCount(path: String?, found: Int, expected: Int)
    /// The model was not trained on the task.
    case unknownTask(name: String)
    /// The task has no test input.
    case noTestInput(name: String)
    /// A grid of the task exceeds the model's canvas; both extents are numbers of rows or columns.
    case tooLarge(name: String, longestSide: Int, canvas: Int)
}

extension ARCSolverError: CustomStringConvertible {
    /// One sentence that states the problem and the remedy.
    public var description: String {
        switch self {
        case .otherModel(let dimensions):
            "the model is for \(dimensions.sequenceLength.counted("cell")) of "
                + "\(dimensions.vocabularySize.counted("token")), not for ARC tasks; use a model that was "
                + "trained on data from 'hrm prepare arc'"
        case .namesMissing(let path):
            "there is no \(path), which names the tasks that the model was trained on; use the data "
                + "folder of its training"
        case .wrongNameCount(let path, let found, let expected):
            "\(path ?? "the list of names") has \(found.counted("name")), the model was trained with "
                + "\(expected); use the data folder of its training"
        case .unknownTask(let name):
            "the model does not know the task \(name): it must first be trained on the task's "
                + "demonstrations, in data that 'hrm prepare arc' made of it"
        case .noTestInput(let name):
            "the task \(name) has no test input to be solved; add them as 'test', beside 'train'"
        case .tooLarge(let name, let longestSide, let canvas):
            "the task \(name) has grids of up to \(longestSide) rows or columns, the model was trained "
                + "on a canvas of \(canvas)"
        }
    }
}

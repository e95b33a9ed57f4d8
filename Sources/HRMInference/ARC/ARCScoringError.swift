public import HRMData
import HRMFiles

/// The reason a data set cannot be scored as ARC tasks.
public enum ARCScoringError: Error, Equatable, Sendable {
    /// The split does not hold the test inputs of ARC tasks.
    case noTasks(folder: String)
    /// The file of tasks does not exist, and names and arrays do not determine the tasks either.
    case unknownTasks(folder: String, ARCDerivationError)
    /// There are tasks, but no names of puzzle identifiers or no square canvas.
    case noGrids(folder: String)
    /// A task has no puzzle identifier.
    case unnamedTask(folder: String, name: String)
    /// The model's puzzle identifiers have other names than the data set's.
    case otherNames(checkpoint: String, folder: String)
}

extension ARCScoringError: CustomStringConvertible {
    /// One sentence that states the problem and the remedy.
    public var description: String {
        switch self {
        case .noTasks(let folder):
            "\(folder) has no \(ARCTestPuzzles.fileName) for the split; use the test split of ARC tasks"
        case .unknownTasks(let folder, let error):
            "\(folder) has no \(ARCTestPuzzles.fileName), and \(error)"
        case .noGrids(let folder):
            "\(folder) has \(ARCTestPuzzles.fileName), but no identifiers.json or no square grids; "
                + "build it again with 'hrm prepare arc'"
        case .unnamedTask(let folder, let name):
            "\(folder) has the task \(name.printable) in \(ARCTestPuzzles.fileName), which "
                + "identifiers.json does not name; the two files belong to different data sets"
        case .otherNames(let checkpoint, let folder):
            "\(checkpoint) was trained on other tasks, or in another order, than \(folder) has: their "
                + "identifiers.json differ; use the data folder it was trained on"
        }
    }
}

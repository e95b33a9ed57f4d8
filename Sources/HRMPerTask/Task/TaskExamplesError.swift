import HRMData
import HRMFiles

/// The reason why a task cannot be learned from its own demonstrations.
public struct TaskExamplesError: Error, Equatable, Sendable {
    /// The name of the task.
    public var task: String
    /// The problem.
    public var problem: Problem

    /// The problems of a task.
    public enum Problem: Equatable, Sendable {
        /// The task has no demonstration.
        case noDemonstrations
        /// The task has no test pair.
        case noTests
        /// A demonstration has no output; pairs count from 1.
        case missingOutput(pair: Int)
        /// A grid is empty or too large.
        case gridSize(rows: Int, columns: Int)
        /// A cell is not a colour.
        case notAColor(Int)
    }
}

extension TaskExamplesError: CustomStringConvertible {
    /// A sentence with the task, the problem and the remedy.
    public var description: String {
        let side = ARCTask.largestSide
        let words =
            switch problem {
            case .noDemonstrations:
                "it has no demonstration to learn from; a task needs at least one pair in 'train'"
            case .noTests:
                "it has nothing to solve; a task needs at least one input in 'test'"
            case .missingOutput(let pair):
                "train pair \(pair) has no output; give it one, or remove the pair"
            case .gridSize(let rows, let columns):
                "a grid has \(rows.counted("row")) and \(columns.counted("column")); both are from 1 to "
                    + "\(side)"
            case .notAColor(let value):
                "the colour \(value) does not exist; colours are 0 to \(ARCTask.colorCount - 1)"
            }
        return "task \(task.printable): \(words)"
    }
}

public import HRMFiles

/// The reason why the state of a run of one task cannot be used.
public enum TaskRunFileError: Error, Equatable, Sendable {
    /// The file cannot be read.
    case file(SafetensorsError)
    /// The file is readable, but its content is not a state.
    case damaged(path: String, reason: String)
    /// The state is one of another task.
    case otherTask(path: String, task: String)
    /// The state is one of other settings.
    case otherSettings(path: String)
}

extension TaskRunFileError: CustomStringConvertible {
    /// A sentence with the file, the problem and the remedy.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .damaged(let path, let reason):
            "\(path): \(reason.printable); remove the file to begin the task again"
        case .otherTask(let path, let task):
            "\(path) is the state of another task than \(task.printable), or the task has changed; "
                + "remove the file to begin the task again"
        case .otherSettings(let path):
            "\(path) is the state of a run with other settings; remove the file to begin the task "
                + "again, or use the same settings"
        }
    }
}

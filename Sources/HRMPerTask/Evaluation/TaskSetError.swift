public import HRMFiles

/// The reason why an evaluation of many tasks cannot go on.
public enum TaskSetError: Error, Equatable, Sendable {
    /// A file or folder cannot be read or written.
    case file(FileError)
    /// A file is not a result or the settings of an evaluation.
    case damaged(path: String, reason: String)
    /// The results in the folder were made with other settings.
    case otherSettings(path: String)
    /// A result is one of another task with this name.
    case otherTask(path: String, task: String)
    /// Another process is writing results into the folder.
    case busy(path: String)
}

extension TaskSetError: CustomStringConvertible {
    /// A sentence with the file, the problem and the remedy.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .damaged(let path, let reason):
            "\(path): \(reason.printable); remove the file to compute it again"
        case .otherSettings(let path):
            "\(path) has other settings than this evaluation: the results beside it would not fit; "
                + "repeat the options of the first call, or use another folder"
        case .otherTask(let path, let task):
            "\(path) is the result of another task than \(task.printable), or the task has changed; "
                + "remove the file, or use another folder"
        case .busy(let path):
            "\(path) is in use by another process that evaluates; wait for its end, or use another "
                + "folder"
        }
    }
}

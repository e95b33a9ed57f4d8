public import HRMFiles

/// The reason a run folder could not be created, written or read.
public enum RunFolderError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The path already exists.
    case alreadyExists(path: String)
    /// The folder was not written by a training run.
    case notARun(path: String, missingFile: String)
    /// The folder contains weights of a training run, but lacks a file needed to resume the run.
    case incomplete(path: String, missingFile: String)
    /// Another process is training in the folder.
    case busy(path: String)
    /// The folder was removed or moved during training.
    case gone(path: String)
    /// A file of the folder cannot be read or written.
    case file(FileError)
    /// The folder's configuration cannot be used.
    case configuration(ConfigurationFileError)
    /// The folder's `run.json` is invalid.
    case malformedDescription(path: String, reason: String)

    /// One sentence that states the folder or file, the problem and the remedy.
    public var description: String {
        switch self {
        case .alreadyExists(let path):
            "\(path) exists already, and a run is never written over another; "
                + "name a new folder, or remove this one"
        case .notARun(let path, let missing):
            "\(path) is not a run folder: it has no \(missing)"
        case .incomplete(let path, let missing):
            "\(path) holds the weights of a run, but no \(missing) to continue with; put \(missing) "
                + "back, or move or remove the folder to make the run again"
        case .busy(let path):
            "another process trains in \(path); wait for it, or end it"
        case .gone(let path):
            "\(path) was removed or moved away while the training was going on, so nothing can be "
                + "saved there; begin a new run, or continue from a checkpoint where it is now"
        case .file(let error): error.description
        case .configuration(let error): error.description
        case .malformedDescription(let path, let reason):
            "\(path) does not describe a run: \(reason)"
        }
    }
}

public import HRMFiles

/// Why a run folder could not be made, written or read.
public enum RunFolderError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Something with this name is there already.
    case alreadyExists(path: String)
    /// The folder is not one that a training run has written.
    case notARun(path: String, missingFile: String)
    /// Another process trains in the folder.
    case busy(path: String)
    /// The folder was removed or moved while the training was going on.
    case gone(path: String)
    /// A file of the folder cannot be read or written.
    case file(FileError)
    /// The folder's configuration cannot be used.
    case configuration(ConfigurationFileError)
    /// The folder's `run.json` is not what this package writes.
    case malformedDescription(path: String, reason: String)

    /// One sentence: which folder or file, what is wrong, and what would mend it.
    public var description: String {
        switch self {
        case .alreadyExists(let path):
            "\(path) exists already, and a run is never written over another; "
                + "name a new folder, or remove this one"
        case .notARun(let path, let missing):
            "\(path) is not a run folder: it has no \(missing)"
        case .busy(let path):
            "another process trains in \(path); wait for it, or end it"
        case .gone(let path):
            "\(path) was removed or moved away while the training was going on, so nothing can be "
                + "saved there; begin a new run, or go on from a checkpoint where it is now"
        case .file(let error): error.description
        case .configuration(let error): error.description
        case .malformedDescription(let path, let reason):
            "\(path) does not describe a run: \(reason)"
        }
    }
}

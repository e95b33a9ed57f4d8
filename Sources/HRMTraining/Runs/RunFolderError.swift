/// Why a run folder could not be made, written or read.
public enum RunFolderError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Something with this name is there already.
    case alreadyExists(path: String)
    /// The folder is not one that a training run has written.
    case notARun(path: String, missingFile: String)
    /// The folder has no metrics but those of several event files.
    case severalEventFiles(path: String, names: [String])
    /// Another process trains in the folder.
    case busy(path: String)
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
        case .severalEventFiles(let path, let names):
            "\(path) has \(names.count) event files and no \(RunFolder.metricsName); name one of "
                + "them: \(names.joined(separator: ", "))"
        case .busy(let path):
            "another process trains in \(path); wait for it, or end it"
        case .file(let error): error.description
        case .configuration(let error): error.description
        case .malformedDescription(let path, let reason):
            "\(path) does not describe a run: \(reason)"
        }
    }
}

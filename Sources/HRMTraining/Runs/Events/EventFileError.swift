/// Why an event file could not be read or written.
public enum EventFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system does not let the file be read or written.
    case file(FileError)
    /// A record is not what was written.
    case damaged(path: String, byte: Int, reason: String)
    /// The file has lost records that a checkpoint counts on.
    case shorter(path: String, expectedBytes: Int, actualBytes: Int)

    /// One sentence: which file, where, what is wrong, and what would mend it.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .damaged(let path, let byte, let reason):
            "\(path) is damaged: the record at byte \(byte) cannot be read, \(reason); restore the "
                + "file from a copy, or remove it"
        case .shorter(let path, let expected, let actual):
            "\(path) has \(actual) bytes, but had \(expected) when the checkpoint was written; "
                + "restore it, or remove it to go on with a new one"
        }
    }
}

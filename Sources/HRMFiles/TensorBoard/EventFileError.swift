/// Why an event file could not be read or written.
public enum EventFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system does not let the file be read or written.
    case file(FileError)
    /// A record is not what was written.
    case damaged(path: String, byte: Int, reason: String)

    /// One sentence: which file, where, what is wrong, and what would mend it.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .damaged(let path, let byte, let reason):
            "\(path) is damaged: the record at byte \(byte) cannot be read, \(reason); restore the "
                + "file from a copy, or remove it"
        }
    }
}

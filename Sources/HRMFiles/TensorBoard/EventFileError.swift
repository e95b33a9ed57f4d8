/// The reason an event file could not be read or written.
package enum EventFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system denied reading or writing the file.
    case file(FileError)
    /// A record is damaged.
    case damaged(path: String, byte: Int, reason: String)

    /// One sentence that states the file, the position, the problem and the remedy.
    package var description: String {
        switch self {
        case .file(let error): error.description
        case .damaged(let path, let byte, let reason):
            "\(path) is damaged: the record at byte \(byte) cannot be read, \(reason); restore the "
                + "file from a copy, or remove it"
        }
    }
}

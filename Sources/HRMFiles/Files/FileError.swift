/// Why a file could not be read or written.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was tried.
    public enum Operation: String, Sendable {
        /// Reading.
        case read
        /// Writing.
        case write = "written"
    }

    /// What was tried.
    public var operation: Operation
    /// The file.
    public var path: String
    /// What the system says, or what the file should be.
    public var reason: String

    /// An error about one file.
    ///
    /// - Parameters:
    ///   - operation: What was tried.
    ///   - path: The file.
    ///   - reason: What the system says, or what the file should be.
    public init(_ operation: Operation, path: String, reason: String) {
        self.operation = operation
        self.path = path
        self.reason = reason
    }

    /// One sentence: which file, what was tried, why it failed.
    public var description: String { "\(path) cannot be \(operation.rawValue): \(reason)" }
}

/// The reason a file could not be read or written.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The operation that failed.
    public enum Operation: String, Sendable {
        /// Reading.
        case read
        /// Writing.
        case write = "written"
    }

    /// The operation that failed.
    public var operation: Operation
    /// The path of the file.
    public var path: String
    /// The system's message, or the expected kind of file.
    public var reason: String

    /// Creates an error about one file.
    ///
    /// - Parameters:
    ///   - operation: The operation that failed.
    ///   - path: The path of the file.
    ///   - reason: The system's message, or the expected kind of file.
    public init(_ operation: Operation, path: String, reason: String) {
        self.operation = operation
        self.path = path
        self.reason = reason
    }

    /// One sentence that states the file, the operation and the reason.
    public var description: String { "\(path) cannot be \(operation.rawValue): \(reason)" }
}

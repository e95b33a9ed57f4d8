public import HRMFiles

/// The reason examples of an evaluation could not be read.
public enum EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file could not be read.
    case file(FileError)
    /// A line is not an example.
    case line(path: String, line: Int, reason: String)
    /// The file has no examples.
    case empty(path: String)

    /// One sentence that states the file, the line, the problem and the remedy.
    public var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .line(let path, let line, let reason): "\(path), line \(line): \(reason)"
        case .empty(let path): "\(path) has no examples; write one JSON object in each line"
        }
    }
}

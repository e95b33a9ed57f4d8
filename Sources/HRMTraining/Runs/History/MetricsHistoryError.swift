public import HRMFiles

/// The reason a run's metrics could not be read.
public enum MetricsHistoryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system denied reading the file.
    case file(FileError)
    /// A line is not a flat JSON object with a step.
    case malformedLine(path: String, line: Int, reason: String)

    /// One sentence that states the file, the line, the problem and the remedy.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .malformedLine(let path, let line, let reason):
            "\(path), line \(line): \(reason); a line of metrics is like "
                + #"{"step":1,"train/lm_loss":2.5}; mend the line, or remove it"#
        }
    }
}

public import HRMFiles

/// Why a run's metrics could not be read.
public enum MetricsHistoryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system does not let the file be read.
    case file(FileError)
    /// A line is not a flat JSON object with a step.
    case malformedLine(path: String, line: Int, reason: String)

    /// One sentence: which file, which line, what is wrong, and what would mend it.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .malformedLine(let path, let line, let reason):
            "\(path), line \(line): \(reason); a line of metrics is like "
                + #"{"step":1,"train/lm_loss":2.5}; mend the line, or remove it"#
        }
    }
}

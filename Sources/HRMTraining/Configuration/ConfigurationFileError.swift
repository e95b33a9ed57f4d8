public import HRMFiles
public import HRMModel

/// Why a configuration file could not be used.
public enum ConfigurationFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be read or written.
    case file(FileError)
    /// The file is not the YAML that a configuration is written in.
    case malformed(path: String, reason: String)
    /// A key is missing, unknown or has a value that does not fit.
    case setting(path: String, ConfigurationError)

    /// One sentence: which file, what is wrong, and what would mend it.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .malformed(let path, let reason): "\(path) is not a configuration: \(reason)"
        case .setting(let path, let error): "\(path): \(error)"
        }
    }
}

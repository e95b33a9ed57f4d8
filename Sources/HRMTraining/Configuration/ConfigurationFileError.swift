public import HRMFiles
public import HRMModel

/// The reason a configuration file could not be used.
public enum ConfigurationFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be read or written.
    case file(FileError)
    /// The file is not valid configuration YAML.
    case malformed(path: String, reason: String)
    /// A key is missing, unknown or has an invalid value.
    case setting(path: String, ConfigurationError)

    /// One sentence that states the file, the problem and the remedy.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .malformed(let path, let reason): "\(path) is not a configuration: \(reason)"
        case .setting(let path, let error): "\(path): \(error)"
        }
    }
}

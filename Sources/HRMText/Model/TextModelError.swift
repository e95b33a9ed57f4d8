/// The reason a text model could not be loaded.
public enum TextModelError: Error, Equatable, Sendable {
    /// A file is missing, cannot be read, or is not of the expected format.
    case file(path: String, reason: String)
    /// A member of `config.json` has a value that this package does not support, or none.
    case configuration(path: String, member: String, reason: String)
    /// A tensor is missing, or has another shape or type.
    case tensor(path: String, name: String, reason: String)
}

extension TextModelError: CustomStringConvertible {
    /// One sentence that states the problem, its position and the remedy.
    public var description: String {
        switch self {
        case .file(let path, let reason): "\(path) cannot be used: \(reason)"
        case .configuration(let path, let member, let reason): "\(path): '\(member)' \(reason)"
        case .tensor(let path, let name, let reason): "\(path): tensor '\(name)' \(reason)"
        }
    }
}

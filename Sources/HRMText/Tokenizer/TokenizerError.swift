public import HRMFiles

/// The reason a tokenizer could not be read, trained or used.
public enum TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file could not be read or written.
    case file(FileError)
    /// The file is not valid JSON, or a member of it has the wrong type.
    case invalidJSON(reason: String)
    /// The file has a setting that is not supported.
    case unsupported(setting: String, found: String, supported: String)
    /// A part of the file contradicts another one.
    case inconsistent(place: String, reason: String)
    /// A parameter of the training cannot be satisfied.
    case training(reason: String)

    /// One sentence that states the problem, its place and the remedy.
    public var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .invalidJSON(let reason): "the tokenizer is damaged: \(reason)"
        case .unsupported(let setting, let found, let supported):
            "the tokenizer has \(setting) \(found), which is not supported; supported is "
                + supported
        case .inconsistent(let place, let reason):
            "the tokenizer is inconsistent: \(place) \(reason); use the file as its trainer wrote it"
        case .training(let reason): "no tokenizer can be trained: \(reason)"
        }
    }
}

/// The reason a PyTorch file could not be read.
public enum PyTorchFileError: Error, Equatable, Sendable {
    /// The file cannot be opened or read.
    case file(FileError)
    /// The file has the format of PyTorch before version 1.6, or is a bare pickle.
    case legacyFormat(path: String)
    /// The file is not a zip archive, or is damaged.
    case malformedArchive(path: String, reason: String)
    /// The archive lacks a required entry.
    case missingEntry(path: String, name: String)
    /// The numbers are big-endian.
    case bigEndian(path: String)
    /// The pickle has an instruction that files of named tensors do not need.
    case forbiddenOpcode(path: String, opcode: UInt8, offset: Int)
    /// The pickle refers to a class or function that files of named tensors do not need.
    case forbiddenGlobal(path: String, name: String, offset: Int)
    /// The pickle is malformed.
    case malformedPickle(path: String, reason: String, offset: Int)
    /// The file contains something other than a dictionary of tensors.
    case notAStateDict(path: String, reason: String)
    /// The file has several tensor dictionaries, or none under the requested key.
    case noSuchDictionary(path: String, reason: String, keys: [String])
    /// The description of a tensor is invalid.
    case malformedTensor(path: String, name: String, reason: String)
}

extension PyTorchFileError: CustomStringConvertible {
    private static let resave =
        "save the tensors alone with torch.save(model.state_dict(), path)"

    /// One sentence that states the problem, the file and the remedy.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .legacyFormat(let path):
            "\(path) is in the format that PyTorch used before version 1.6; write it again in "
                + "Python with torch.save(torch.load(old, weights_only=True), new)"
        case .malformedArchive(let path, let reason):
            "\(path) is not a PyTorch file: \(reason.shown)"
        case .missingEntry(let path, let name):
            "\(path) is not a PyTorch file: its archive has no entry '\(name)'"
        case .bigEndian(let path):
            "\(path) was written on a big-endian machine; load it there or elsewhere with PyTorch, "
                + "and save it on a little-endian one"
        case .forbiddenOpcode(let path, _, _):
            "\(path) holds something besides tensors, numbers, texts and collections of them, which is "
                + "not read because it could be a program; \(Self.resave)"
        case .forbiddenGlobal(let path, let name, _):
            "\(path) holds something made by Python's '\(name.shown)', which is not read because that would "
                + "run it; \(Self.resave)"
        case .malformedPickle(let path, let reason, _):
            "\(path) is damaged: the description of its tensors cannot be read (\(reason)); copy the "
                + "file again, or \(Self.resave)"
        case .notAStateDict(let path, let reason):
            "\(path) has no dictionary of named tensors: \(reason); \(Self.resave)"
        case .noSuchDictionary(let path, let reason, let keys):
            "\(path): \(reason); choose one of "
                + keys.prefix(10).map { "'\($0)'" }.joined(separator: ", ")
                + " with 'hrm convert --state-dict'"
        case .malformedTensor(let path, let name, let reason):
            "\(path): tensor '\(name.shown)' \(reason.shown)"
        }
    }
}

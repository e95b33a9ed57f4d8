import HRMData

/// Why a checkpoint could not be read, written or used.
public enum CheckpointError: Error, Equatable, Sendable {
    /// The file cannot be opened or read.
    case unreadable(path: String, reason: String)
    /// The file cannot be written.
    case unwritable(path: String, reason: String)
    /// The file is shorter than its beginning promises.
    case truncated(path: String, expectedBytes: Int, actualBytes: Int)
    /// The header is not what the format asks for.
    case malformedHeader(path: String, reason: String)
    /// A tensor has elements of a type that this package does not know.
    case unknownElementType(path: String, name: String, elementType: String)
    /// A tensor has more elements than can be counted.
    case shapeTooLarge(path: String, name: String, shape: [Int])
    /// The bytes set aside for a tensor are not as many as its shape takes.
    case byteCountMismatch(path: String, name: String, expected: Int, found: Int)
    /// A tensor begins inside the one before it.
    case overlappingTensors(path: String, name: String)
    /// Bytes that belong to no tensor.
    case unusedBytes(path: String, offset: Int, count: Int)
    /// A tensor that is asked for is not there.
    case missingTensor(name: String)
    /// A tensor has another shape than the one it is needed in.
    case shapeMismatch(name: String, expected: [Int], found: [Int])
    /// The tensors are not those of the model.
    case otherTensors(path: String, TensorDifferences)
    /// The file is of a kind that holds no weights which this package reads.
    case otherFormat(path: String, kind: String, remedy: String)
    /// A folder that is not a run's, with files in it that may hold weights.
    case folderOfWeights(path: String, files: [String])
    /// The weights do not bring the settings of their run, and no `all_config.yaml` lies beside them.
    case missingSettings(path: String)
    /// A weight is NaN or infinite.
    case notFinite(path: String, name: String)
    /// The description of the model in a file's metadata is missing or makes no sense.
    case unusableMetadata(path: String, reason: String)
}

extension CheckpointError: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what would mend it.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
        case .truncated(let path, let expected, let actual):
            "\(path) is truncated: it has \(actual.counted("byte")) where \(expected) are needed; "
                + "copy or write the file again"
        case .malformedHeader(let path, let reason):
            "\(path) is not a safetensors file: \(reason.shown)"
        case .unknownElementType(let path, let name, let type):
            "\(path): tensor '\(name.shown)' has elements of type \(type.shown); known types are "
                + SafetensorsElementType.allCases.map(\.rawValue).joined(separator: ", ")
        case .shapeTooLarge(let path, let name, let shape):
            "\(path): tensor '\(name.shown)' of shape \(shape) has more elements than can be counted"
        case .byteCountMismatch(let path, let name, let expected, let found):
            "\(path): tensor '\(name.shown)' takes \(expected.counted("byte")) by its shape and type, "
                + "its offsets give it \(found)"
        case .overlappingTensors(let path, let name):
            "\(path): tensor '\(name.shown)' overlaps the tensor before it"
        case .unusedBytes(let path, let offset, let count):
            "\(path): \(count.counted("byte")) at byte \(offset) \(count.word("belongs", "belong")) to no tensor"
        case .missingTensor(let name):
            "the checkpoint has no tensor '\(name.shown)'; was it written with another configuration?"
        case .shapeMismatch(let name, let expected, let found):
            "tensor '\(name.shown)' has shape \(found), the model needs \(expected); was it written "
                + "with another configuration or data set?"
        case .otherTensors(let path, let differences):
            "\(path): its tensors are not those of the model: \(differences); was it written with "
                + "another configuration or data set?"
        case .otherFormat(let path, let kind, let remedy): "\(path) is \(kind); \(remedy)"
        case .folderOfWeights(let path, let files):
            "\(path) is not a run folder; name a file in it that holds weights: "
                + Self.listed(files.map(\.shown))
        case .missingSettings(let path):
            "\(path) does not hold the settings of its run, and no all_config.yaml lies beside it; "
                + "put one there, or add them with 'hrm convert \(Self.name(path)) --config "
                + "all_config.yaml --output model.safetensors'"
        case .notFinite(let path, let name):
            "\(path): tensor '\(name.shown)' has a number that is infinite or not a number (NaN), so the "
                + "model can compute nothing; use an earlier checkpoint"
        case .unusableMetadata(let path, let reason): "\(path): \(reason)"
        }
    }

    private static func name(_ path: String) -> Substring {
        path.split(separator: "/").last ?? "FILE"
    }

    /// The first names of a list, and how many more there are.
    private static func listed(_ names: [String]) -> String {
        let shown = 5
        let more = names.count > shown ? " and \(names.count - shown) more" : ""
        return names.prefix(shown).joined(separator: ", ") + more
    }
}

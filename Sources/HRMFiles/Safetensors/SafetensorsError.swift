/// The reason a safetensors file could not be read or written.
public enum SafetensorsError: Error, Equatable, Sendable {
    /// The file cannot be opened or read.
    case unreadable(path: String, reason: String)
    /// The file cannot be written.
    case unwritable(path: String, reason: String)
    /// The file is shorter than its header states.
    case truncated(path: String, expectedBytes: Int, actualBytes: Int)
    /// The header does not conform to the format.
    case malformedHeader(path: String, reason: String)
    /// The element type of a tensor is not supported by this package.
    case unknownElementType(path: String, name: String, elementType: String)
    /// The number of elements of a tensor overflows.
    case shapeTooLarge(path: String, name: String, shape: [Int])
    /// The number of bytes of a tensor differs from what its shape requires.
    case byteCountMismatch(path: String, name: String, expected: Int, found: Int)
    /// A tensor begins within the preceding one.
    case overlappingTensors(path: String, name: String)
    /// Some bytes belong to no tensor.
    case unusedBytes(path: String, offset: Int, count: Int)
    /// The file does not contain the requested tensor.
    case missingTensor(name: String)
}

extension SafetensorsError: CustomStringConvertible {
    /// One sentence that states the problem, its position and the remedy.
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
        }
    }
}

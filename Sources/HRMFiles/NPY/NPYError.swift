/// An error in reading or writing an `.npy` file.
public enum NPYError: Error, Equatable, Sendable {
    /// The file cannot be opened, or reading failed part-way.
    case unreadable(path: String, reason: String)
    /// The file cannot be written.
    case unwritable(path: String, reason: String)
    /// The first six bytes are not numpy's signature.
    case notNPY(path: String)
    /// The format version is not 1.0, 2.0 or 3.0.
    case unsupportedVersion(path: String, major: Int, minor: Int)
    /// The header is not the dictionary that numpy writes.
    case malformedHeader(path: String, reason: String)
    /// The element type is not bool, uint8, little-endian int32 or little-endian int64.
    case unsupportedElementType(path: String, found: String)
    /// The elements are in column-major order.
    case fortranOrder(path: String)
    /// The file has fewer bytes than the header states.
    case truncated(path: String, expectedBytes: Int, actualBytes: Int)
    /// The file has more bytes than the header states.
    case trailingBytes(path: String, expectedBytes: Int, actualBytes: Int)
    /// A number does not fit in 32 bits.
    case valueOutOfRange(path: String, index: Int, value: Int64)
}

extension NPYError: CustomStringConvertible {
    /// A sentence with the file, the problem and the remedy.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path) cannot be read: \(reason)"
        case .unwritable(let path, let reason):
            "\(path) cannot be written: \(reason)"
        case .notNPY(let path):
            "\(path) is not an npy file: it does not begin with numpy's signature; save it with "
                + "numpy.save"
        case .unsupportedVersion(let path, let major, let minor):
            "\(path) has npy format version \(major).\(minor), only 1.0, 2.0 and 3.0 are known; "
                + "save it again with numpy.save"
        case .malformedHeader(let path, let reason):
            "\(path) has a damaged npy header: \(reason); save it again with numpy.save"
        case .unsupportedElementType(let path, let found):
            "\(path) holds elements of type \(found), expected bool, uint8, or little-endian int32 "
                + "or int64; convert them with array.astype(numpy.uint8) or numpy.int32"
        case .fortranOrder(let path):
            "\(path) is stored in Fortran order; save numpy.ascontiguousarray(array) instead"
        case .truncated(let path, let expected, let actual):
            "\(path) is truncated: it has \(actual.counted("byte")), its header promises \(expected); copy "
                + "or build it again"
        case .trailingBytes(let path, let expected, let actual):
            "\(path) is longer than its header says: \(actual.counted("byte")) instead of \(expected); copy "
                + "or build it again"
        case .valueOutOfRange(let path, let index, let value):
            "\(path) has the value \(value) at element \(index), which does not fit in 32 bits; "
                + "tokens, offsets and identifiers must"
        }
    }
}

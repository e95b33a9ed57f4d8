/// The number formats that this package reads and writes, by their names in the file.
///
/// All of them lie in the file with the least significant byte first.
public enum SafetensorsElementType: String, Sendable, Hashable, CaseIterable {
    /// IEEE 754 binary64.
    case float64 = "F64"
    /// IEEE 754 binary32.
    case float32 = "F32"
    /// IEEE 754 binary16.
    case float16 = "F16"
    /// The upper half of a binary32.
    case bfloat16 = "BF16"
    /// Signed, 8 bytes.
    case int64 = "I64"
    /// Signed, 4 bytes.
    case int32 = "I32"
    /// Signed, 2 bytes.
    case int16 = "I16"
    /// Signed, 1 byte.
    case int8 = "I8"
    /// Unsigned, 1 byte.
    case uint8 = "U8"
    /// One byte, 0 for false.
    case bool = "BOOL"

    /// Whether the elements are no whole numbers or truth values.
    public var isFloatingPoint: Bool {
        switch self {
        case .float64, .float32, .float16, .bfloat16: true
        case .int64, .int32, .int16, .int8, .uint8, .bool: false
        }
    }

    /// Bytes that one element takes.
    public var byteCount: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16, .int16: 2
        case .int8, .uint8, .bool: 1
        }
    }
}

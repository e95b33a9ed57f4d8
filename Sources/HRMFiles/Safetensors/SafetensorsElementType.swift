public import Foundation

/// The number formats that this package reads and writes, by their names in the file.
///
/// All of them lie in the file with the least significant byte first. The format knows more: `C64`,
/// `F8_E8M0`, `F6_E2M3`, `F6_E3M2`, `F4` and others of the kind. Tensors of those, and of names that are
/// not known at all, are kept as bytes (``SafetensorsFile/foreignTensors``), so that one of them does not
/// make the others unreadable.
public enum SafetensorsElementType: String, Sendable, Hashable, CaseIterable {
    /// IEEE 754 binary64.
    case float64 = "F64"
    /// IEEE 754 binary32.
    case float32 = "F32"
    /// IEEE 754 binary16.
    case float16 = "F16"
    /// The upper half of a binary32.
    case bfloat16 = "BF16"
    /// 4 bits of exponent and 3 of fraction, without infinities.
    case float8E4M3 = "F8_E4M3"
    /// 5 bits of exponent and 2 of fraction: the upper half of a binary16.
    case float8E5M2 = "F8_E5M2"
    /// Signed, 8 bytes.
    case int64 = "I64"
    /// Signed, 4 bytes.
    case int32 = "I32"
    /// Signed, 2 bytes.
    case int16 = "I16"
    /// Signed, 1 byte.
    case int8 = "I8"
    /// Unsigned, 8 bytes.
    case uint64 = "U64"
    /// Unsigned, 4 bytes.
    case uint32 = "U32"
    /// Unsigned, 2 bytes.
    case uint16 = "U16"
    /// Unsigned, 1 byte.
    case uint8 = "U8"
    /// One byte, 0 for false.
    case bool = "BOOL"

    /// Whether the elements are no whole numbers or truth values.
    public var isFloatingPoint: Bool {
        switch self {
        case .float64, .float32, .float16, .bfloat16, .float8E4M3, .float8E5M2: true
        case .int64, .int32, .int16, .int8, .uint64, .uint32, .uint16, .uint8, .bool: false
        }
    }

    /// Bytes that one element takes.
    public var byteCount: Int {
        switch self {
        case .float64, .int64, .uint64: 8
        case .float32, .int32, .uint32: 4
        case .float16, .bfloat16, .int16, .uint16: 2
        case .float8E4M3, .float8E5M2, .int8, .uint8, .bool: 1
        }
    }
}

/// A tensor of a number format that this package does not compute with, as its bytes.
public struct ForeignTensor: Sendable, Equatable {
    /// The name of the number format in the file.
    public let elementType: String
    /// The extents, outermost first.
    public let shape: [Int]
    /// The bytes, of whatever meaning.
    public let bytes: Data
}

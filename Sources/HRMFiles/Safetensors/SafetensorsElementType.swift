package import Foundation

/// The supported element types, by their names in the file.
///
/// All are stored in little-endian order. Tensors of other types of the format, such as `C64`,
/// `F8_E8M0`, `F6_E2M3`, `F6_E3M2` and `F4`, and of unknown types are kept as bytes
/// (``SafetensorsFile/foreignTensors``), so that they do not make the rest of the file unreadable.
package enum SafetensorsElementType: String, Sendable, Hashable, CaseIterable {
    /// IEEE 754 binary64.
    case float64 = "F64"
    /// IEEE 754 binary32.
    case float32 = "F32"
    /// IEEE 754 binary16.
    case float16 = "F16"
    /// bfloat16: the upper half of a binary32.
    case bfloat16 = "BF16"
    /// 4 exponent bits and 3 fraction bits, without infinities.
    case float8E4M3 = "F8_E4M3"
    /// 5 exponent bits and 2 fraction bits: the upper half of a binary16.
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

    /// True for floating-point types, false for integers and Booleans.
    package var isFloatingPoint: Bool {
        switch self {
        case .float64, .float32, .float16, .bfloat16, .float8E4M3, .float8E5M2: true
        case .int64, .int32, .int16, .int8, .uint64, .uint32, .uint16, .uint8, .bool: false
        }
    }

    /// The size of one element in bytes.
    package var byteCount: Int {
        switch self {
        case .float64, .int64, .uint64: 8
        case .float32, .int32, .uint32: 4
        case .float16, .bfloat16, .int16, .uint16: 2
        case .float8E4M3, .float8E5M2, .int8, .uint8, .bool: 1
        }
    }
}

/// A tensor of an unsupported element type, as its bytes.
package struct ForeignTensor: Sendable, Equatable {
    /// The name of the element type in the file.
    package let elementType: String
    /// The extents, outermost first.
    package let shape: [Int]
    /// The uninterpreted bytes.
    package let bytes: Data
}

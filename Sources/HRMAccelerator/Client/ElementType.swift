/// The type of the elements of a buffer on a device.
///
/// The raw value is the type's name in the text of a program.
package enum ElementType: String, Hashable, Sendable, CaseIterable {
    case bool = "i1"
    case int8 = "i8"
    case int16 = "i16"
    case int32 = "i32"
    case int64 = "i64"
    case uint8 = "ui8"
    case uint16 = "ui16"
    case uint32 = "ui32"
    case uint64 = "ui64"
    case float16 = "f16"
    case float32 = "f32"
    case float64 = "f64"
    case bfloat16 = "bf16"

    /// The size of an element in bytes.
    package var byteCount: Int {
        switch self {
        case .bool, .int8, .uint8: 1
        case .int16, .uint16, .float16, .bfloat16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    /// The number of the type in the interface: the position in this enumeration, from 1.
    var pluginNumber: Int32 { Int32(1 + (Self.allCases.firstIndex(of: self) ?? 0)) }

    /// The type with a number of the interface; nil for types that this package does not use.
    init?(pluginNumber number: Int32) {
        guard number >= 1, number <= Self.allCases.count else { return nil }
        self = Self.allCases[Int(number) - 1]
    }
}

/// The element type and shape of a buffer.
package struct BufferType: Hashable, Sendable, CustomStringConvertible {
    /// The type of the elements.
    package var element: ElementType
    /// The extents, outermost first; empty for a scalar.
    package var shape: [Int]

    /// Creates a type.
    ///
    /// - Precondition: No extent is negative.
    package init(_ element: ElementType, _ shape: [Int]) {
        precondition(shape.allSatisfy { $0 >= 0 }, "a shape of \(shape)")
        self.element = element
        self.shape = shape
    }

    /// The number of elements.
    package var count: Int { shape.reduce(1, *) }
    /// The size in bytes.
    package var byteCount: Int { count * element.byteCount }
    /// The type as a program's text has it: `tensor<2x3xf32>`.
    package var description: String {
        "tensor<\((shape.map(String.init) + [element.rawValue]).joined(separator: "x"))>"
    }
}

/// The element types of tensors in a program.
package enum GraphElement: String, Sendable, Hashable, CaseIterable {
    /// IEEE double precision.
    case float64 = "f64"
    /// IEEE single precision.
    case float32 = "f32"
    /// The upper half of a float32.
    case bfloat16 = "bf16"
    /// A signed 32-bit integer.
    case int32 = "i32"
    /// A truth value.
    case boolean = "i1"

    /// True for the types that can carry a gradient.
    package var isFloat: Bool {
        switch self {
        case .float64, .float32, .bfloat16: true
        case .int32, .boolean: false
        }
    }

    /// The size of an element in memory, in bytes.
    package var byteCount: Int {
        switch self {
        case .float64: 8
        case .float32, .int32: 4
        case .bfloat16: 2
        case .boolean: 1
        }
    }
}

/// The extents and the element type of a tensor.
package struct TensorType: Sendable, Hashable {
    /// Extents, outermost first; empty for a scalar.
    package var shape: [Int]
    /// The element type.
    package var element: GraphElement

    /// Creates a type.
    package init(_ shape: [Int], _ element: GraphElement = .float32) {
        self.shape = shape
        self.element = element
    }

    /// The number of axes.
    package var rank: Int { shape.count }
    /// The number of elements.
    package var count: Int { shape.reduce(1, *) }
}

extension TensorType: CustomStringConvertible {
    /// The type in StableHLO text, such as `tensor<2x3xf32>`.
    package var description: String {
        "tensor<" + shape.map { "\($0)x" }.joined() + element.rawValue + ">"
    }
}

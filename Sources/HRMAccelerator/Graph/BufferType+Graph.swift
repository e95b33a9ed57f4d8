/// The types of the tensors in a graph are those of buffers.
extension BufferType {
    /// Creates a type, float32 by default.
    package init(_ shape: [Int], _ element: ElementType = .float32) {
        self.init(element, shape)
    }

    /// The number of axes.
    package var rank: Int { shape.count }
}

extension ElementType {
    /// True for the types that can carry a gradient.
    package var isFloat: Bool {
        switch self {
        case .float64, .float32, .float16, .bfloat16: true
        default: false
        }
    }

    /// True for whole numbers.
    var isInteger: Bool { !isFloat && self != .bool }
}

package import HRMTensor

/// Tensors of different axes, each `[positions, channels]`.
///
/// Copies share their memory, as matrices do.
package struct Multitensor: Sendable {
    private var tensors: [Matrix?]

    /// Creates a multitensor without tensors.
    package init() {
        tensors = Array(repeating: nil, count: AxisSet.count)
    }

    /// Creates tensors of zeros.
    ///
    /// - Parameters:
    ///   - layout: The extents.
    ///   - kinds: The axes of the tensors.
    ///   - width: The number of channels of all tensors; nil for ``AxisSet/width``.
    package init(_ layout: MultitensorLayout, kinds: [AxisSet] = AxisSet.all, width: Int? = nil) {
        self.init()
        for kind in kinds {
            self[kind] = Matrix(rows: layout.positions(kind), columns: width ?? kind.width)
        }
    }

    /// The tensor of a set of axes.
    package subscript(kind: AxisSet) -> Matrix {
        get {
            guard let tensor = tensors[kind.rawValue] else {
                preconditionFailure("no tensor \(kind.name)")
            }
            return tensor
        }
        set { tensors[kind.rawValue] = newValue }
    }

    /// Returns these tensors, some replaced by new ones of the same shape.
    func replacing(_ kinds: [AxisSet]) -> Multitensor {
        var copy = self
        for kind in kinds {
            copy[kind] = Matrix(rows: self[kind].rows, columns: self[kind].columns)
        }
        return copy
    }
}

extension Multitensor {
    /// Creates tensors of zeros with some rows each, for statistics of channels.
    init(rowsOf kinds: [AxisSet], rows: Int = 1, width: Int? = nil) {
        self.init()
        for kind in kinds { self[kind] = Matrix(rows: rows, columns: width ?? kind.width) }
    }
}

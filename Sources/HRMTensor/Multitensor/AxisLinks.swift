internal import CHRMKernels

/// Sums between a tensor and smaller ones that lack one of its axes.
///
/// The memory of the smaller tensors is fixed when the links are created.
@safe
package final class AxisLinks {
    /// A tensor that lacks an axis, and the factors of its values.
    package struct Link {
        let tensor: Matrix
        let axis: Int
        let factors: Matrix
        let factorStrides: [Int]

        /// Creates a link.
        ///
        /// - Parameters:
        ///   - tensor: The smaller tensor, `[positions, channels]`.
        ///   - axis: The index of the axis that it lacks.
        ///   - factors: The factors, one row each.
        ///   - factorStrides: For each axis of the larger tensor, the number of factors from one
        ///     index to the next; 0 if the factor does not depend on the index.
        package init(to tensor: Matrix, lacking axis: Int, factors: Matrix, factorStrides: [Int]) {
            self.tensor = tensor
            self.axis = axis
            self.factors = factors
            self.factorStrides = factorStrides
        }
    }

    private let shape: hrm_shape
    private let positions: Int
    private let width: Int
    /// The links, which keep the memory that the pointers below refer to.
    private let links: [Link]
    private let pointers: UnsafeMutablePointer<hrm_link>

    /// Creates links.
    ///
    /// - Parameters:
    ///   - lengths: The lengths of the axes of the larger tensor, outermost first.
    ///   - width: The number of channels, 8 or 16.
    ///   - links: The smaller tensors.
    package init(lengths: [Int], width: Int, links: [Link]) {
        precondition(width == 8 || width == 16, "sums of \(width) channels")
        shape = hrm_shape(lengths)
        positions = lengths.reduce(1, *)
        self.width = width
        self.links = links
        unsafe pointers = .allocate(capacity: max(links.count, 1))
        for (number, link) in links.enumerated() {
            precondition(lengths.indices.contains(link.axis), "axis \(link.axis) of \(lengths)")
            precondition(
                link.factorStrides.count == lengths.count
                    && link.factorStrides.allSatisfy { $0 >= 0 }
                    && zip(lengths, link.factorStrides).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
                        < link.factors.rows,
                "strides \(link.factorStrides) of \(link.factors.shapeDescription)")
            var strides = [Int](repeating: 0, count: lengths.count)
            var stride = 1
            for axis in lengths.indices.reversed() where axis != link.axis {
                strides[axis] = stride
                stride *= lengths[axis]
            }
            unsafe (pointers + number).initialize(
                to: hrm_link(
                    values: link.tensor.tensor("a tensor", positions: stride, width: width),
                    strides: padded(strides),
                    factors: link.factors.tensor(
                        "the factors", positions: link.factors.rows, width: 1),
                    factor_strides: padded(link.factorStrides)))
        }
    }

    deinit {
        unsafe pointers.deallocate()
    }

    /// Computes `output = base + Σ factor · value`: each smaller tensor is repeated along the axis
    /// that it lacks.
    ///
    /// - Parameters:
    ///   - base: Shape `[positions, channels]`.
    ///   - output: The same shape; overwritten, may be `base`.
    package func spread(_ base: Matrix, into output: Matrix) {
        unsafe KernelPath.multitensor.spread(
            shape, width, base.tensor("the base", positions: positions, width: width), links.count,
            pointers, output.tensor("the output", positions: positions, width: width))
    }

    /// Adds `Σ factor · source` over the missing axis to each smaller tensor.
    ///
    /// - Parameter source: Shape `[positions, channels]`.
    package func gather(_ source: Matrix) {
        unsafe KernelPath.multitensor.gather(
            shape, width, source.tensor("the source", positions: positions, width: width),
            links.count, pointers)
    }
}

// SAFETY: the pointers refer to memory that `links` keeps, and do not change.
extension AxisLinks: @unchecked Sendable {}

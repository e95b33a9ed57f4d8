/// The operations of a graph, a subset of StableHLO's.
package enum GraphOperation: Sendable, Hashable {
    /// An argument of the program.
    case argument(Int)
    /// A tensor whose elements are all equal.
    case splat(Double)
    /// A vector of given elements.
    case vector([Double])
    /// The index along an axis.
    case iota(axis: Int)
    /// A function of each element.
    case unary(Unary)
    /// A function of each pair of elements of two tensors of one type.
    case binary(Binary)
    /// A comparison of each pair of elements.
    case compare(Comparison)
    /// For each element, the second input where the first is true, otherwise the third.
    case select
    /// Conversion to another element type.
    case convert
    /// The identity, through which no gradient flows; it has no counterpart in StableHLO.
    case stop
    /// Repetition along new axes; `axes` are the result's axes of the input's.
    case broadcast(axes: [Int])
    /// The same elements with other extents.
    case reshape
    /// A permutation of the axes; the result's axis `i` is the input's `order[i]`.
    case transpose(order: [Int])
    /// A part of each axis.
    case slice(starts: [Int], limits: [Int])
    /// Zeros before and after each axis.
    case pad(low: [Int], high: [Int])
    /// Tensors joined along an axis.
    case concatenate(axis: Int)
    /// A reduction over some axes, which the result does not have.
    case reduce(Reduction, axes: [Int])
    /// A product: result axes are the shared ones, the other ones of the left, those of the right.
    case dot(DotAxes)
    /// Rows of a table `[n, E]` by index `[B]`; the result is `[B, E]`.
    case gatherRows
    /// A table `[n, E]` with rows `[B, E]` written at indices `[B]`; an index outside is ignored.
    case scatterRows
    /// The tensors of all replicas, joined along axis 0 in the order of their numbers.
    case allGather(replicas: Int)

    /// Functions of one element.
    package enum Unary: String, Sendable, Hashable {
        case abs, ceil, cosine, exponential, log, logistic, negate, not, rsqrt, sign, sine, sqrt
        case isFinite = "is_finite"
        case logPlusOne = "log_plus_one"
    }

    /// Functions of two elements.
    package enum Binary: String, Sendable, Hashable {
        case add, subtract, multiply, divide, maximum, minimum, atan2, and, or
    }

    /// Comparisons.
    package enum Comparison: String, Sendable, Hashable {
        case equal = "EQ"
        case less = "LT"
        case greater = "GT"
        case greaterOrEqual = "GE"
    }

    /// Reductions.
    package enum Reduction: String, Sendable, Hashable {
        case sum = "add"
        case maximum, minimum
        case all = "and"
    }

    /// The axes of a product.
    package struct DotAxes: Sendable, Hashable {
        /// The axes of the left input that both have and the result keeps.
        package var leftShared: [Int] = []
        /// Those of the right input, in the same order.
        package var rightShared: [Int] = []
        /// The axes of the left input that are summed over.
        package var leftSummed: [Int]
        /// Those of the right input, in the same order.
        package var rightSummed: [Int]

        func leftOwn(rank: Int) -> [Int] {
            (0..<rank).filter { !leftShared.contains($0) && !leftSummed.contains($0) }
        }

        func rightOwn(rank: Int) -> [Int] {
            (0..<rank).filter { !rightShared.contains($0) && !rightSummed.contains($0) }
        }
    }
}

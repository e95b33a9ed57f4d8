/// Reductions and products.
extension Expression {
    func reduced(_ reduction: GraphOperation.Reduction, over axes: [Int]) -> Expression {
        precondition(
            Set(axes).isSubset(of: Set(0..<type.rank)), "\(reduction) over \(axes) of \(type)")
        if axes.isEmpty { return self }
        let rest = shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
        return builder.add(
            .reduce(reduction, axes: axes.sorted()), [self], BufferType(rest, element))
    }

    /// Returns sums over some axes, which the result does not have.
    package func sum(over axes: [Int]) -> Expression { reduced(.sum, over: axes) }
    /// The sum of all elements, a scalar.
    package var sum: Expression { sum(over: Array(shape.indices)) }
    /// Returns the largest elements over some axes, which the result does not have.
    package func maximum(over axes: [Int]) -> Expression { reduced(.maximum, over: axes) }
    /// Returns the smallest elements over some axes, which the result does not have.
    package func minimum(over axes: [Int]) -> Expression { reduced(.minimum, over: axes) }
    /// True if all elements are finite, a scalar; first along the outermost axis, where a reduction
    /// runs over whole rows.
    package var areFinite: Expression { isFinite.reduced(.all, over: [0]).all }
    /// True if all elements are, a scalar.
    package var all: Expression { reduced(.all, over: Array(shape.indices)) }

    /// Returns a product.
    ///
    /// - Parameters:
    ///   - right: The right factor, of the same element type.
    ///   - axes: The shared and the summed axes.
    ///   - element: The element type of the result; nil for that of the factors.
    /// - Returns: The shared axes, then the other ones of the left factor, then of the right.
    package func dot(
        _ right: Expression, _ axes: GraphOperation.DotAxes, as element: ElementType? = nil
    ) -> Expression {
        func extents(_ value: Expression, _ axes: [Int]) -> [Int] { axes.map { value.shape[$0] } }
        precondition(
            self.element == right.element
                && extents(self, axes.leftShared) == extents(right, axes.rightShared)
                && extents(self, axes.leftSummed) == extents(right, axes.rightSummed),
            "a product of \(type) and \(right.type) over \(axes)")
        let result =
            extents(self, axes.leftShared) + extents(self, axes.leftOwn(rank: type.rank))
            + extents(right, axes.rightOwn(rank: right.type.rank))
        return builder.add(
            .dot(axes), [self, right], BufferType(result, element ?? self.element))
    }
}

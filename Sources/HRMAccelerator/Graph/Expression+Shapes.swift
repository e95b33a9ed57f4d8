/// Operations that move elements.
extension Expression {
    /// Returns the same elements, row-major, with other extents.
    package func reshaped(_ shape: [Int]) -> Expression {
        if shape == self.shape { return self }
        let result = BufferType(shape, element)
        precondition(result.count == type.count, "\(type) as \(shape)")
        return builder.add(.reshape, [self], result)
    }

    /// Returns the elements repeated along new axes.
    ///
    /// - Parameters:
    ///   - shape: The extents of the result.
    ///   - axes: The result's axes of this tensor's axes, ascending.
    /// - Returns: The result.
    package func broadcast(to shape: [Int], axes: [Int]) -> Expression {
        precondition(
            axes.count == type.rank && axes == axes.sorted() && Set(axes).count == axes.count
                && zip(axes, self.shape).allSatisfy { shape[$0] == $1 },
            "\(type) as axes \(axes) of \(shape)")
        if shape == self.shape { return self }
        return builder.add(.broadcast(axes: axes), [self], BufferType(shape, element))
    }

    /// Returns the axes in another order; the result's axis `i` is this tensor's `order[i]`.
    package func transposed(_ order: [Int]) -> Expression {
        precondition(order.sorted() == Array(0..<type.rank), "axes \(order) of \(type)")
        if order == Array(0..<type.rank) { return self }
        return builder.add(
            .transpose(order: order), [self], BufferType(order.map { shape[$0] }, element))
    }

    /// Returns a part of one axis.
    package func sliced(_ range: Range<Int>, axis: Int) -> Expression {
        var starts = [Int](repeating: 0, count: type.rank)
        var limits = shape
        (starts[axis], limits[axis]) = (range.lowerBound, range.upperBound)
        return sliced(starts: starts, limits: limits)
    }

    func sliced(starts: [Int], limits: [Int]) -> Expression {
        precondition(
            zip(zip(starts, limits), shape).allSatisfy { $0.0 >= 0 && $0.0 < $0.1 && $0.1 <= $1 },
            "\(starts) to \(limits) of \(type)")
        let result = zip(limits, starts).map { $0 - $1 }
        if result == shape { return self }
        return builder.add(
            .slice(starts: starts, limits: limits), [self], BufferType(result, element))
    }

    /// Returns the elements with zeros before and after each axis.
    package func padded(low: [Int], high: [Int]) -> Expression {
        precondition(
            low.count == type.rank && high.count == type.rank
                && (low + high).allSatisfy { $0 >= 0 },
            "\(low) before and \(high) after \(type)")
        let result = shape.indices.map { low[$0] + shape[$0] + high[$0] }
        if result == shape { return self }
        return builder.add(.pad(low: low, high: high), [self], BufferType(result, element))
    }

    /// Returns tensors joined along an axis.
    package static func concatenated(_ parts: [Expression], axis: Int) -> Expression {
        let first = parts[0]
        if parts.count == 1 { return first }
        for part in parts {
            var shape = part.shape
            shape[axis] = first.shape[axis]
            precondition(
                BufferType(shape, part.element) == first.type,
                "\(first.type) and \(part.type) joined along axis \(axis)")
        }
        var shape = first.shape
        shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
        return first.builder.add(
            .concatenate(axis: axis), parts, BufferType(shape, first.element))
    }

    /// Returns rows of this table.
    ///
    /// - Parameter indices: `[B]`, within the table.
    /// - Returns: `[B, E]` of a table `[n, E]`.
    package func rows(at indices: Expression) -> Expression {
        precondition(
            type.rank == 2 && indices.type == BufferType(indices.shape, .int32)
                && indices.type.rank == 1, "rows \(indices.type) of \(type)")
        return builder.add(
            .gatherRows, [self, indices], BufferType([indices.shape[0], shape[1]], element))
    }

    /// Returns this table with some rows replaced.
    ///
    /// - Parameters:
    ///   - indices: `[B]`; one outside the table is ignored, equal ones must have equal rows.
    ///   - rows: `[B, E]`.
    /// - Returns: The table, `[n, E]`.
    package func replacingRows(at indices: Expression, with rows: Expression) -> Expression {
        precondition(
            type.rank == 2 && indices.element == .int32 && rows.element == element
                && rows.shape == [indices.shape[0], shape[1]],
            "rows \(rows.type) at \(indices.type) of \(type)")
        return builder.add(.scatterRows, [self, indices, rows], type)
    }

    /// Returns the tensors of all replicas, joined along axis 0 in the order of their numbers.
    package func gatheredFromAll(replicas: Int) -> Expression {
        if replicas == 1 { return self }
        var shape = shape
        shape[0] *= replicas
        return builder.add(.allGather(replicas: replicas), [self], BufferType(shape, element))
    }
}

internal import CHRMKernels

extension FeaturePooling {
    /// Multiplies means of a sequence by the part of a layer that belongs to their kind.
    ///
    /// - Parameters:
    ///   - x: Shape `[T·C, d]`.
    ///   - range: The means, all of one kind.
    ///   - weight: The part of the layer, `d` inputs.
    ///   - table: Shape `[means, outputs]`, float32; these rows are overwritten. The products are
    ///     rounded to the precision of `x`.
    ///   - scratch: The worker's scratch memory.
    package func multiplyMeans(
        of x: Matrix, _ range: Range<Int>, by weight: PackedWeight, into table: Matrix,
        scratch: Scratch
    ) {
        multiply(members, of: x, range, by: weight, keeping: nil, into: table, scratch: scratch)
    }

    /// Computes the gradients of means from those of all rows that read them, and multiplies them
    /// by the transposed part of a layer that belongs to their kind.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the layer's output, shape `[T·C, outputs]`.
    ///   - range: The means, all of one kind.
    ///   - weight: The part of the layer, in the transposed layout.
    ///   - gradients: The output gradients of the part for the means, multiplied by the means'
    ///     weights; shape `[range, outputs]`, the precision of `dy`; overwritten.
    ///   - table: Shape `[means, d]`, float32: the table of ``members(_:)``; the rows of `range` are
    ///     overwritten.
    ///   - scratch: The worker's scratch memory.
    package func multiplyGradients(
        of dy: Matrix, _ range: Range<Int>, by weight: PackedWeight, keeping gradients: Matrix,
        into table: Matrix, scratch: Scratch
    ) {
        gradients.require(
            "the gradients of means", rows: range.count, columns: dy.columns, dy.precision)
        multiply(
            lookers, of: dy, range, by: weight, keeping: gradients, into: table, scratch: scratch)
    }

    private func multiply(
        _ lists: RowLists, of x: Matrix, _ range: Range<Int>, by weight: PackedWeight,
        keeping kept: Matrix?, into table: Matrix, scratch: Scratch
    ) {
        weight.requireInput(x)
        x.require("the rows of a sequence", rows: rows, columns: weight.inputs)
        table.require(
            "the table of means", rows: meanCount, columns: weight.outputs, .float32)
        precondition(
            range.lowerBound >= 0 && range.upperBound <= meanCount,
            "means \(range) of \(meanCount)")
        let kernels = unsafe KernelPath.active.kernels
        let memory = unsafe scratch.reserve(
            kernels.mean_linear_scratch(weight.outputs, weight.inputs))
        unsafe lists.withView(of: x) { sums in
            unsafe shares.withUnsafeBufferPointer { shares in
                guard let shares = shares.baseAddress else { return }
                unsafe kernels.mean_linear(
                    x.precision.code, range.lowerBound, range.upperBound, sums, shares,
                    weight.packed, kept?.view ?? .none, table.view, memory)
            }
        }
    }
}

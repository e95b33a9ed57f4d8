internal import CHRMKernels

/// The backward pass of the norm in `Linear.forwardResidualNorm`.
package enum RMSNorm {
    /// Computes `ds = r · (dy − y · mean(dy ∘ y))` from the output `y` and the saved inverse RMS
    /// `r`.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output, shape `[rows, D]`.
    ///   - y: The output, shape `[rows, D]`.
    ///   - inverseRMS: Shape `[rows, 1]`, float32.
    ///   - ds: The gradient of the input, shape `[rows, D]`; overwritten, may be `dy` itself.
    package static func backward(_ dy: Matrix, y: Matrix, inverseRMS: Matrix, into ds: Matrix) {
        y.require("the norm's output", rows: dy.rows, columns: dy.columns, dy.precision)
        ds.require("the input gradient", rows: dy.rows, columns: dy.columns, dy.precision)
        inverseRMS.require("the inverse RMS", rows: dy.rows, columns: 1, .float32)
        inverseRMS.requireNoGaps("the inverse RMS")
        unsafe KernelPath.active.kernels.norm_backward(
            dy.precision.code, dy.rows, dy.columns, dy.view, y.view, inverseRMS.floats(), ds.view)
    }
}

/// Sums of states.
package enum Sum {
    /// Computes `output = a + b + c`, all of one shape and precision; `output` may be an addend.
    package static func of(_ a: Matrix, _ b: Matrix, _ c: Matrix? = nil, into output: Matrix) {
        for other in [b, c ?? b, output] {
            other.require("an addend or the sum", rows: a.rows, columns: a.columns, a.precision)
        }
        unsafe KernelPath.active.kernels.add(
            a.precision.code, a.rows, a.columns, a.view, b.view, c?.view ?? .none, output.view)
    }
}

/// Transposition of matrices.
package enum Transposition {
    /// Computes `output[j, i] = input[i, j]`.
    ///
    /// - Parameters:
    ///   - input: Shape `[rows, columns]`.
    ///   - output: Shape `[columns, rows]`, the precision of `input`; overwritten. Not `input`.
    package static func of(_ input: Matrix, into output: Matrix) {
        output.require(
            "the transposed matrix", rows: input.columns, columns: input.rows, input.precision)
        unsafe KernelPath.active.kernels.transpose(
            input.precision.code, input.rows, input.columns, input.view, output.view)
    }
}

/// Lookups of embedding table rows, and accumulation of their gradients.
package enum Embedding {
    /// Computes `output[row] = scale · (a[aRow] + b[bRow])`; a missing addend counts as zero.
    ///
    /// - Parameters:
    ///   - a: A float32 table with as many columns as `output`, and a row of it.
    ///   - b: Another table and row.
    ///   - scale: The factor of the sum.
    ///   - output: The destination, of either precision.
    ///   - row: The row of the destination.
    package static func write(
        _ a: (table: Matrix, row: Int)?, plus b: (table: Matrix, row: Int)?, scale: Float,
        to output: Matrix, row: Int
    ) {
        func address(_ source: (table: Matrix, row: Int)?) -> UnsafePointer<Float>? {
            guard let source else { return nil }
            source.table.requireRow(source.row, columns: output.columns)
            return unsafe UnsafePointer(source.table.floats(row: source.row))
        }
        output.requireRow(row, columns: output.columns)
        unsafe KernelPath.active.kernels.embed_row(
            output.precision.code, output.columns, address(a), address(b), scale,
            output.address(row: row))
    }

    /// Computes `table[tableRow] += scale · gradient[row]` for a float32 table.
    package static func accumulate(
        _ gradient: Matrix, row: Int, scale: Float, into table: Matrix, tableRow: Int
    ) {
        gradient.requireRow(row, columns: gradient.columns)
        table.requireRow(tableRow, columns: gradient.columns)
        unsafe KernelPath.active.kernels.accumulate_row(
            gradient.precision.code, gradient.columns, gradient.address(row: row), scale,
            table.floats(row: tableRow))
    }
}

extension Matrix {
    fileprivate func requireRow(_ row: Int, columns: Int) {
        precondition(
            row >= 0 && row < rows && columns == self.columns,
            "row \(row), \(columns) wide, of \(shapeDescription)")
    }
}

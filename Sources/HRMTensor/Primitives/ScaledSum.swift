internal import CHRMKernels

/// Linear combinations of two matrices.
package enum ScaledSum {
    /// Computes `target ← scale · target + factor · values`, all float32 and of one shape.
    ///
    /// - Parameters:
    ///   - target: Replaced by the sum.
    ///   - scale: The factor of the old values.
    ///   - values: The added values.
    ///   - factor: The factor of the added values.
    package static func update(
        _ target: Matrix, scale: Float, adding values: Matrix, times factor: Float
    ) {
        target.require("the sum", rows: target.rows, columns: target.columns, .float32)
        values.require("the addend", rows: target.rows, columns: target.columns, .float32)
        let kernels = unsafe KernelPath.active.kernels
        for row in 0..<target.rows {
            let sum = unsafe target.floats(row: row)
            unsafe kernels.embed_row(HRM_FLOAT32, target.columns, sum, nil, scale, sum)
            unsafe kernels.accumulate_row(
                HRM_FLOAT32, target.columns, values.floats(row: row), factor, sum)
        }
    }
}

internal import CHRMKernels

/// Sums of two matrices with a factor each.
public enum ScaledSum {
    /// `target ← scale · target + factor · values`, all float32 and of one shape.
    ///
    /// - Parameters:
    ///   - target: Replaced by the sum.
    ///   - scale: Factor of what it was.
    ///   - values: What is added.
    ///   - factor: Factor of what is added.
    public static func update(
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

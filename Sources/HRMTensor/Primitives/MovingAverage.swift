internal import CHRMKernels

/// Exponential moving averages of weights, and a check for non-finite values.
package enum MovingAverage {
    /// Computes `mean ← share · values + (1 − share) · mean`.
    ///
    /// - Parameters:
    ///   - mean: `[1, count]`, float32.
    ///   - values: `[1, count]`, float32.
    ///   - share: The weight of the new values, `0 ... 1`.
    package static func update(_ mean: Matrix, with values: Matrix, share: Float) {
        values.require("the new values", rows: 1, columns: mean.columns, .float32)
        mean.require("the average", rows: 1, columns: mean.columns, .float32)
        unsafe KernelPath.active.kernels.average(
            mean.columns, share, values.floats(), mean.floats())
    }
}

extension Matrix {
    /// True if every element is finite; the matrix is float32 with one row.
    package var isFinite: Bool {
        require("a matrix to be looked through", rows: 1, columns: columns, .float32)
        return unsafe KernelPath.active.kernels.all_finite(columns, floats()) == 1
    }
}

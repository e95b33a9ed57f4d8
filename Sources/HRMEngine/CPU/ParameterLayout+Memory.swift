package import HRMModel
package import HRMTensor

extension ParameterLayout.Entry {
    /// Returns the tensor as a matrix whose rows have the last extent.
    ///
    /// - Parameter flat: All tensors, `[1, layout.flatCount]`.
    /// - Returns: A view of the tensor's elements.
    package func matrix(in flat: Matrix) -> Matrix {
        let columns = shape.last ?? 1
        return flat.reshaped(from: offset, rows: count / columns, columns: columns)
    }
}

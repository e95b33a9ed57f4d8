internal import CHRMKernels

/// Operations on rows of float32 numbers whose results are stored in either precision.
package enum RowOperations {
    /// Computes `y = x / √(mean(x²) + epsilon)` for each row.
    ///
    /// - Parameters:
    ///   - x: Shape `[rows, columns]`, float32.
    ///   - epsilon: Added to the mean square.
    ///   - y: Shape `[rows, columns]`; overwritten, may be `x` itself.
    ///   - inverseRMS: Keeps `1 / √(mean(x²) + epsilon)`, shape `[rows, 1]`, float32.
    package static func norm(
        _ x: Matrix, epsilon: Float, into y: Matrix, inverseRMS: Matrix? = nil
    ) {
        inverseRMS?.require("the inverse RMS", rows: x.rows, columns: 1, .float32)
        inverseRMS?.requireNoGaps("the inverse RMS")
        x.require("the input of a norm", rows: x.rows, columns: x.columns, .float32)
        y.require("the output of a norm", rows: x.rows, columns: x.columns)
        unsafe KernelPath.active.kernels.rms_norm(
            x.rows, x.columns, x.view, epsilon, y.precision.code, y.view,
            inverseRMS?.floats())
    }

    /// Computes `y ← sigmoid(gate) ∘ y`.
    ///
    /// - Parameters:
    ///   - gate: Shape `[rows, columns]`, float32.
    ///   - y: Shape `[rows, columns]`.
    package static func applySigmoid(_ gate: Matrix, to y: Matrix) {
        gate.require("the gate", rows: y.rows, columns: y.columns, .float32)
        unsafe KernelPath.active.kernels.sigmoid_gate(
            y.rows, y.columns, gate.view, y.precision.code, y.view)
    }

    /// Computes the gradients of `y = sigmoid(gate) ∘ x`, all float32.
    ///
    /// - Parameters:
    ///   - gate: Shape `[rows, columns]`.
    ///   - x: Shape `[rows, columns]`.
    ///   - gradient: That of `y`, replaced by that of `x`.
    ///   - gateGradient: Shape `[rows, columns]`; overwritten.
    package static func sigmoidBackward(
        gate: Matrix, x: Matrix, gradient: Matrix, gateGradient: Matrix
    ) {
        for other in [gate, x, gradient, gateGradient] {
            other.require("a gate's matrix", rows: x.rows, columns: x.columns, .float32)
        }
        unsafe KernelPath.active.kernels.sigmoid_gate_backward(
            x.rows, x.columns, gate.view, x.view, gradient.view, gateGradient.view)
    }

    /// Computes `y = silu(gate) ∘ up`.
    ///
    /// - Parameters:
    ///   - gate: Shape `[rows, columns]`, float32.
    ///   - up: Shape `[rows, columns]`, float32.
    ///   - y: Shape `[rows, columns]`; overwritten.
    package static func swiglu(gate: Matrix, up: Matrix, into y: Matrix) {
        gate.require("the gate", rows: y.rows, columns: y.columns, .float32)
        up.require("the gated values", rows: y.rows, columns: y.columns, .float32)
        unsafe KernelPath.active.kernels.swiglu(
            y.rows, y.columns, gate.view, up.view, y.precision.code, y.view)
    }

    /// Rotates rows of a head by the angles of their positions.
    ///
    /// - Parameters:
    ///   - x: Shape `[rows, d]`, float32.
    ///   - rotary: The angles of all these positions; the head's size is `d`.
    ///   - positions: The position of each row.
    ///   - y: Shape `[rows, d]`, of either precision; overwritten. It may be `x` itself.
    ///   - isBackward: True to rotate back, which also turns gradients back.
    package static func rotate(
        _ x: Matrix, rotary: RotaryEmbedding, positions: ArraySlice<Int>, into y: Matrix,
        isBackward: Bool = false
    ) {
        let size = rotary.headSize
        x.require("a head", rows: positions.count, columns: size, .float32)
        y.require("a rotated head", rows: positions.count, columns: size)
        guard let tables = rotary.tables else { preconditionFailure("angles are needed") }
        let kernels = unsafe KernelPath.active.kernels
        for (row, position) in positions.enumerated() {
            precondition(
                (0..<rotary.positions).contains(position),
                "position \(position) of \(rotary.positions)")
            unsafe kernels.rotate_row(
                size, x.address(row: row).assumingMemoryBound(to: Float.self),
                tables.cosines.floats(row: position), tables.sines.floats(row: position),
                isBackward ? -1 : 1, y.precision.code, y.address(row: row))
        }
    }

    /// Adds a row to each row of a matrix, all float32.
    package static func add(_ bias: Matrix, to y: Matrix) {
        for row in 0..<y.rows {
            Sum.of(y.rows(row..<(row + 1)), bias, into: y.rows(row..<(row + 1)))
        }
    }
}

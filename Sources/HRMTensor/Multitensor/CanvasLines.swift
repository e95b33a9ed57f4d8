internal import CHRMKernels

/// Running maxima and shifts along the rows, columns and diagonals of canvases.
///
/// Tensors are `[examples · colours · 8 · rows · columns, 4]`: for each direction a canvas of four
/// channels. Directions as (row step, column step): (1, 0), (1, 1), (0, 1), (−1, 1), (−1, 0),
/// (−1, −1), (0, −1), (1, −1). Channels 0 and 2 of the input run along the direction, 1 and 3
/// against it; the channels of the output are 0, 2, 1, 3 of the input. Values outside of the grids
/// count as zero.
package struct CanvasLines {
    private let examples: Int
    private let colours: Int
    private let rows: Int
    private let columns: Int
    private let mask: Matrix
    private let hasWideDiagonals: Bool
    private let positions: Int
    private let scratchBytes: Int

    /// Creates the operations.
    ///
    /// - Parameters:
    ///   - examples: The number of examples.
    ///   - colours: The number of colours; 1 for a tensor without colours.
    ///   - rows: The number of rows of a canvas.
    ///   - columns: The number of columns of a canvas.
    ///   - mask: 1 in the grid, 0 outside, shape `[examples, rows · columns]`.
    ///   - hasWideDiagonals: True to give diagonals the margin 1e−3 of rows and columns around the
    ///     range of their values, instead of 1e−5 in total.
    package init(
        examples: Int, colours: Int, rows: Int, columns: Int, mask: Matrix,
        hasWideDiagonals: Bool = false
    ) {
        precondition(
            examples > 0 && colours > 0 && rows > 0 && columns > 0,
            "canvases [\(examples), \(colours), \(rows), \(columns)]")
        self.examples = examples
        self.colours = colours
        self.rows = rows
        self.columns = columns
        self.mask = mask
        self.hasWideDiagonals = hasWideDiagonals
        positions = examples * colours * 8 * rows * columns
        scratchBytes = KernelPath.multitensor.lines_scratch(rows, columns) * 4
    }

    private var canvas: hrm_canvas {
        unsafe hrm_canvas(
            examples: examples, colours: colours, rows: rows, columns: columns,
            mask: mask.tensor("the mask", positions: examples, width: rows * columns),
            wide_diagonals: hasWideDiagonals ? 1 : 0)
    }

    private func memory(_ matrix: Matrix, _ name: StaticString) -> UnsafeMutablePointer<Float> {
        unsafe matrix.tensor(name, positions: positions, width: 4)
    }

    /// Computes the running maximum along each line, relative to the range of the line's values:
    /// −1 for the lowest, 1 for the highest.
    ///
    /// - Parameters:
    ///   - z: The values, shape `[N, 4]`.
    ///   - y: Shape `[N, 4]`; overwritten. Not `z`.
    ///   - scratch: Temporary memory.
    package func runningMaximum(_ z: Matrix, into y: Matrix, scratch: Scratch) {
        unsafe KernelPath.multitensor.running_maximum(
            canvas, memory(z, "the values"), memory(y, "the output"),
            scratch.reserve(scratchBytes).assumingMemoryBound(to: Float.self))
    }

    /// Turns the gradient of the running maximum of `z` into that of `z`.
    ///
    /// The gradient of a maximum belongs to the cell that attains it; of several, to the last.
    package func runningMaximumBackward(_ gradient: Matrix, z: Matrix, scratch: Scratch) {
        unsafe KernelPath.multitensor.running_maximum_backward(
            canvas, memory(z, "the values"), memory(gradient, "the gradient"),
            memory(gradient, "the gradient"),
            scratch.reserve(scratchBytes).assumingMemoryBound(to: Float.self))
    }

    /// Moves values one step; those from outside of the canvas are zero.
    ///
    /// - Parameters:
    ///   - z: The values, shape `[N, 4]`.
    ///   - y: Shape `[N, 4]`; overwritten. Not `z`.
    package func shift(_ z: Matrix, into y: Matrix) {
        unsafe KernelPath.multitensor.shift(
            canvas, memory(z, "the values"), memory(y, "the output"))
    }

    /// Computes the gradient of the values of a shift.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output, shape `[N, 4]`.
    ///   - dz: Shape `[N, 4]`; overwritten. Not `dy`.
    package func shiftBackward(_ dy: Matrix, into dz: Matrix) {
        unsafe KernelPath.multitensor.shift_backward(
            canvas, memory(dy, "the output gradient"), memory(dz, "the gradient"))
    }
}

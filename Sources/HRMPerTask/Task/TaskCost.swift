/// The arithmetic of one training step on a task.
///
/// Only matrix products count: `6 · Σ N · channels` over the tensors of the network, since the
/// backward pass takes twice the work of the forward pass, and a multiplication with its addition
/// is two operations.
package struct TaskCost: Sendable, Hashable {
    /// The number of positions of all tensors together, `Σ N`; channels are not counted.
    package let positions: Int
    /// Floating-point operations per training step.
    package let flopPerStep: Double

    private static let blocks = 4

    /// The cost of a task.
    package init(_ task: TaskTensors) {
        self.init(
            examples: task.examples, colours: task.colours, rows: task.rows,
            columns: task.columns)
    }

    /// The cost of a task with these extents.
    package init(examples: Int, colours: Int, rows: Int, columns: Int) {
        // Axes in the order of the bits: example, colour, direction, row, column.
        let lengths = [examples, colours, 8, rows, columns]
        var positions = 0
        var products = 0.0
        for axes in 1..<(1 << lengths.count) {
            func has(_ axis: Int) -> Bool { axes & (1 << axis) != 0 }
            let isSpatial = has(3) || has(4)
            guard axes != 1, has(0) || !isSpatial else { continue }
            let count = lengths.indices.reduce(1) { has($1) ? $0 * lengths[$1] : $0 }
            let width = has(2) ? 8 : 16
            let free = lengths.indices.dropFirst().count { has($0) }
            let softmax = 2 * ((1 << free) - 1)
            // Share up, share down, nonlinear, the two channels of softmax, and its outputs.
            var block = (32 + 16 + 32 + 2 + softmax) * width
            if has(2) { block += 8 * 64 }
            if has(0), has(2), has(3), has(4) { block += 128 }
            positions += count
            products += Double(count) * Double(4 * width + Self.blocks * block)
        }
        // The heads: two outputs of colours, of rows and of columns, from 16 channels each.
        let heads = examples * (colours * rows * columns + rows + columns)
        products += Double(heads) * 32
        self.positions = positions
        flopPerStep = 6 * products
    }
}

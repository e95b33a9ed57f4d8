/// The extents of the tensors of a task.
package struct MultitensorLayout: Sendable, Hashable {
    /// The number of directions.
    static let directions = 8

    /// The length of each axis.
    private let lengths: [Int]

    /// Creates the layout of `E` examples, `C` colours, `X` rows and `Y` columns.
    package init(examples: Int, colours: Int, rows: Int, columns: Int) {
        lengths = [examples, colours, Self.directions, rows, columns]
        precondition(lengths.allSatisfy { $0 > 0 }, "a multitensor of extents \(lengths)")
    }

    /// Creates the layout of a task.
    package init(_ task: TaskTensors) {
        self.init(
            examples: task.examples, colours: task.colours, rows: task.rows,
            columns: task.columns)
    }

    /// Returns the length of an axis.
    package func length(_ axis: Axis) -> Int { lengths[axis.rawValue] }

    /// Returns the lengths of a tensor's axes, channels not included.
    package func lengths(_ kind: AxisSet) -> [Int] { kind.axes.map(length) }

    /// Returns the number of positions of a tensor, channels not counted.
    package func positions(_ kind: AxisSet) -> Int { lengths(kind).reduce(1, *) }

    /// The number of positions of all tensors.
    package var totalPositions: Int { AxisSet.all.reduce(0) { $0 + positions($1) } }
}

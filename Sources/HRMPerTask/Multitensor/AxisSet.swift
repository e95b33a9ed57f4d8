/// An axis of the tensors of a task, in the order in which tensors have them.
package enum Axis: Int, CaseIterable, Sendable {
    case example, colour, direction, row, column

    /// The letter in the names of tensors.
    var letter: Character { ["e", "c", "d", "x", "y"][rawValue] }
}

/// The axes of one tensor; a multitensor has a tensor for each set of axes in ``all``.
package struct AxisSet: OptionSet, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    init(_ axis: Axis) {
        self.init(rawValue: 1 << axis.rawValue)
    }

    /// The set with a name such as `ecx`.
    package init(_ name: String) {
        self.init(Axis.allCases.filter { name.contains($0.letter) }.map { AxisSet($0) })
        precondition(self.name == name, "'\(name)' names no tensor")
    }

    static let example = AxisSet(.example)
    static let colour = AxisSet(.colour)
    static let direction = AxisSet(.direction)
    static let row = AxisSet(.row)
    static let column = AxisSet(.column)

    /// The number of possible sets of axes.
    static let count = 1 << Axis.allCases.count

    /// The 18 sets, in ascending order of their bits.
    package static let all = (1..<count).map { AxisSet(rawValue: $0) }.filter(\.hasTensor)

    /// True if there is a tensor with these axes: rows and columns depend on the example, and no
    /// tensor depends on the example alone.
    var hasTensor: Bool {
        self != [] && self != .example && (isDisjoint(with: [.row, .column]) || contains(.example))
    }

    /// The axes in the order of the tensor.
    package var axes: [Axis] { Axis.allCases.filter { contains(AxisSet($0)) } }
    /// The letters of the axes, such as `ecx`.
    package var name: String { String(axes.map(\.letter)) }
    /// The number of channels of a tensor with these axes.
    package var width: Int { contains(.direction) ? 8 : 16 }

    /// The set whose weights this one uses: rows and columns have the same weights.
    package var tied: AxisSet {
        contains(.column) && !contains(.row) ? symmetricDifference([.row, .column]) : self
    }

    /// The sets whose weights are their own.
    package static let untied = all.filter { $0.tied == $0 }

    func without(_ axis: Axis) -> AxisSet { subtracting(AxisSet(axis)) }
}

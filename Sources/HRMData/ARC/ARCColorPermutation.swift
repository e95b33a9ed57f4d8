/// A permutation of the ten ARC colours.
package struct ARCColorPermutation: Sendable, Hashable {
    /// The new colour of each old one, `[10]`.
    package let colors: [UInt8]

    /// The permutation that leaves every colour unchanged.
    package static let identity = ARCColorPermutation(
        unchecked: (0..<UInt8(ARCTask.colorCount)).map { $0 })

    /// Creates a permutation; `nil` if a colour is missing or repeated.
    package init?(colors: [UInt8]) {
        guard colors.count == ARCTask.colorCount,
            Set(colors) == Set(Self.identity.colors)
        else { return nil }
        self.init(unchecked: colors)
    }

    private init(unchecked colors: [UInt8]) {
        self.colors = colors
    }

    /// Draws a permutation of the colours 1 to 9; colour 0, the background in most tasks, is fixed.
    init(drawingFrom generator: inout ErasedGenerator) {
        self.init(unchecked: [0] + (1..<UInt8(ARCTask.colorCount)).shuffled(using: &generator))
    }

    /// The permutation that undoes this one.
    package var inverse: ARCColorPermutation {
        var old = colors
        for color in colors.indices { old[Int(colors[color])] = UInt8(color) }
        return ARCColorPermutation(unchecked: old)
    }

    /// Returns the grid with its colours permuted.
    ///
    /// - Precondition: All cells are colours.
    package func apply(to grid: PuzzleGrid) -> PuzzleGrid {
        grid.mapCells { colors[Int($0)] }
    }
}

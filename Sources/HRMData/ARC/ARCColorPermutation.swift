/// An exchange of colours in which none gets lost.
public struct ARCColorPermutation: Sendable, Hashable {
    /// The new colour of each old one, `[10]`.
    public let colors: [UInt8]

    /// Every colour stays as it is.
    public static let identity = ARCColorPermutation(
        unchecked: (0..<UInt8(ARCTask.colorCount)).map { $0 })

    /// A permutation; `nil` when a colour is missing or there twice.
    public init?(colors: [UInt8]) {
        guard colors.count == ARCTask.colorCount,
            Set(colors) == Set(Self.identity.colors)
        else { return nil }
        self.init(unchecked: colors)
    }

    private init(unchecked colors: [UInt8]) {
        self.colors = colors
    }

    /// Draws a permutation of the colours 1 to 9; 0 is the background in most tasks and stays.
    init(drawingFrom generator: inout ErasedGenerator) {
        self.init(unchecked: [0] + (1..<UInt8(ARCTask.colorCount)).shuffled(using: &generator))
    }

    /// The permutation that undoes this one.
    public var inverse: ARCColorPermutation {
        var old = colors
        for color in colors.indices { old[Int(colors[color])] = UInt8(color) }
        return ARCColorPermutation(unchecked: old)
    }

    /// The grid in new colours.
    ///
    /// - Precondition: All cells are colours.
    public func apply(to grid: PuzzleGrid) -> PuzzleGrid {
        grid.mapCells { colors[Int($0)] }
    }
}

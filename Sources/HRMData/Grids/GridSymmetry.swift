/// A symmetry of a grid puzzle: a dihedral transform with a permutation of the symbols.
public struct GridSymmetry: Sendable, Hashable {
    /// The transform of the grid.
    package var transform: DihedralTransform
    /// The new symbol of each old one.
    public let symbolMap: [UInt8]

    /// Creates a symmetry from its parts.
    ///
    /// - Precondition: The symbols are permuted.
    package init(transform: DihedralTransform, symbolMap: [UInt8]) {
        precondition(
            symbolMap.sorted().elementsEqual(symbolMap.indices.map { UInt8($0) }),
            "\(symbolMap) does not permute \(symbolMap.count) symbols")
        self.transform = transform
        self.symbolMap = symbolMap
    }

    /// The inverse symmetry.
    public var inverse: GridSymmetry {
        var inverseMap = symbolMap
        for (old, new) in symbolMap.enumerated() { inverseMap[Int(new)] = UInt8(old) }
        return GridSymmetry(transform: transform.inverse, symbolMap: inverseMap)
    }

    /// Returns the composition of this symmetry and a following one with as many symbols.
    ///
    /// - Parameter next: The symmetry applied second.
    /// - Returns: `next ∘ self`.
    public func followed(by next: GridSymmetry) -> GridSymmetry {
        GridSymmetry(
            transform: transform.followed(by: next.transform),
            symbolMap: symbolMap.map { next.symbolMap[Int($0)] })
    }

    /// Returns the transformed grid.
    public func apply(to grid: PuzzleGrid) -> PuzzleGrid {
        transform.apply(to: grid).mapCells { symbolMap[Int($0)] }
    }

    /// Returns the pair with both grids transformed.
    public func apply(to pair: GridPair) -> GridPair {
        GridPair(input: apply(to: pair.input), output: apply(to: pair.output), task: pair.task)
    }
}

/// A change of a grid puzzle into another that is solved the same way: turned or flipped, with its
/// symbols exchanged.
public struct GridSymmetry: Sendable, Hashable {
    /// How the grid is turned or flipped.
    public var transform: DihedralTransform
    /// The new symbol of each old one.
    public let symbolMap: [UInt8]

    /// A symmetry from its parts.
    ///
    /// - Precondition: The symbols are permuted.
    public init(transform: DihedralTransform, symbolMap: [UInt8]) {
        precondition(
            symbolMap.sorted().elementsEqual(symbolMap.indices.map { UInt8($0) }),
            "\(symbolMap) does not permute \(symbolMap.count) symbols")
        self.transform = transform
        self.symbolMap = symbolMap
    }

    /// The symmetry that undoes this one.
    public var inverse: GridSymmetry {
        var inverseMap = symbolMap
        for (old, new) in symbolMap.enumerated() { inverseMap[Int(new)] = UInt8(old) }
        return GridSymmetry(transform: transform.inverse, symbolMap: inverseMap)
    }

    /// The symmetry that is this one, and then another of as many symbols.
    ///
    /// - Parameter next: The other one.
    /// - Returns: `next ∘ self`.
    public func followed(by next: GridSymmetry) -> GridSymmetry {
        GridSymmetry(
            transform: transform.followed(by: next.transform),
            symbolMap: symbolMap.map { next.symbolMap[Int($0)] })
    }

    /// The changed grid.
    public func apply(to grid: PuzzleGrid) -> PuzzleGrid {
        transform.apply(to: grid).mapCells { symbolMap[Int($0)] }
    }

    /// The pair with both grids changed alike.
    public func apply(to pair: GridPair) -> GridPair {
        GridPair(input: apply(to: pair.input), output: apply(to: pair.output), task: pair.task)
    }
}

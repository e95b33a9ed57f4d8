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

    /// The changed grid.
    public func apply(to grid: PuzzleGrid) -> PuzzleGrid {
        transform.apply(to: grid).mapCells { symbolMap[Int($0)] }
    }

    /// The pair with both grids changed alike.
    public func apply(to pair: GridPair) -> GridPair {
        GridPair(input: apply(to: pair.input), output: apply(to: pair.output), task: pair.task)
    }
}

/// The symmetries that a puzzle has, by the word of whoever prepares its data.
public struct GridSymmetries: Sendable, Hashable {
    /// Whether grids may be turned and flipped.
    public var isDihedral: Bool
    /// Symbols that may change places with each other.
    public var exchangeableSymbols: [UInt8]

    /// Symmetries; none unless given.
    public init(isDihedral: Bool = false, exchangeableSymbols: [UInt8] = []) {
        self.isDihedral = isDihedral
        self.exchangeableSymbols = exchangeableSymbols
    }

    /// How many symmetries there are, the identity included; no more than can be counted.
    public var count: Int {
        var count = isDihedral ? DihedralTransform.allCases.count : 1
        for factor in 1..<max(2, exchangeableSymbols.count + 1) {
            let (product, overflow) = count.multipliedReportingOverflow(by: factor)
            if overflow { return .max }
            count = product
        }
        return count
    }

    /// A random symmetry.
    ///
    /// - Parameters:
    ///   - symbolCount: How many symbols there are.
    ///   - generator: Where the choice comes from.
    /// - Returns: Any of the symmetries, each with the same probability.
    public func random(
        symbolCount: Int, using generator: inout some RandomNumberGenerator
    ) -> GridSymmetry {
        let transforms = isDihedral ? DihedralTransform.allCases : [.identity]
        let transform = transforms[Int.random(in: transforms.indices, using: &generator)]
        var map = (0..<symbolCount).map { UInt8($0) }
        let exchanged = exchangeableSymbols.shuffled(using: &generator)
        for (old, new) in zip(exchangeableSymbols, exchanged) { map[Int(old)] = new }
        return GridSymmetry(transform: transform, symbolMap: map)
    }
}

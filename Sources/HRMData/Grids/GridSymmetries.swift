/// The symmetries that a puzzle has, as declared by whoever prepares its data.
public struct GridSymmetries: Sendable, Hashable {
    /// Whether grids may be turned and flipped.
    public var isDihedral: Bool
    /// Symbols that may change places with each other.
    public var exchangeableSymbols: [UInt8]
    /// Turns and flips that rename symbols; with each of them, all that follow from it are symmetries.
    public var maps: [GridSymmetryMap]

    /// The most turns, flips and renamings that may follow from ``maps``.
    public static let mostCombinations = 4096

    /// Symmetries; none unless given.
    public init(
        isDihedral: Bool = false, exchangeableSymbols: [UInt8] = [], maps: [GridSymmetryMap] = []
    ) {
        self.isDihedral = isDihedral
        self.exchangeableSymbols = exchangeableSymbols
        self.maps = maps
    }

    /// Whether rows can become columns.
    public var swapsAxes: Bool { isDihedral || maps.contains { $0.transform.swapsAxes } }

    /// How many symmetries there are without ``maps``, the identity included; no more than can be
    /// counted.
    public var count: Int {
        count(ofCombinations: isDihedral ? DihedralTransform.allCases.count : 1)
    }

    /// The same with so many turns, flips and renamings in place of the dihedral ones.
    func count(ofCombinations combinations: Int) -> Int {
        var count = combinations
        for factor in 1..<max(2, exchangeableSymbols.count + 1) {
            let (product, overflow) = count.multipliedReportingOverflow(by: factor)
            if overflow { return .max }
            count = product
        }
        return count
    }

    /// All symmetries but for exchanged symbols: the dihedral ones, the maps, and what follows from
    /// both.
    ///
    /// - Parameter symbolCount: How many symbols there are.
    /// - Returns: Each once, the identity first; without maps in the order of the transforms.
    /// - Throws: ``GridError/tooManySymmetries(limit:)``, or ``GridError`` for a map
    ///   of a symbol that is not there.
    public func combinations(symbolCount: Int) throws(GridError) -> [GridSymmetry] {
        let same = (0..<symbolCount).map { UInt8($0) }
        let transforms = isDihedral ? DihedralTransform.allCases : [.identity]
        var found = transforms.map { GridSymmetry(transform: $0, symbolMap: same) }
        var known = Set(found)
        var generators = found.filter { $0.transform != .identity }
        for map in maps { generators.append(try map.symmetry(symbolCount: symbolCount)) }
        // Every product of generators is reached by one more of them at a time.
        var next = 0
        while next < found.count {
            for generator in generators {
                let product = found[next].followed(by: generator)
                guard known.insert(product).inserted else { continue }
                guard found.count < Self.mostCombinations else {
                    throw .tooManySymmetries(limit: Self.mostCombinations)
                }
                found.append(product)
            }
            next += 1
        }
        return found
    }

    /// Symmetries from which all others follow: two dihedral ones, the maps, and symbols that change
    /// places.
    ///
    /// - Parameter symbolCount: How many symbols there are.
    /// - Returns: The declared symmetries; none where nothing is declared.
    /// - Throws: ``GridError`` for a map of a symbol that is not there.
    func generators(symbolCount: Int) throws(GridError) -> [GridSymmetry] {
        let same = (0..<symbolCount).map { UInt8($0) }
        let transforms: [DihedralTransform] = isDihedral ? [.horizontalFlip, .transposition] : []
        var generators = transforms.map { GridSymmetry(transform: $0, symbolMap: same) }
        for map in maps { generators.append(try map.symmetry(symbolCount: symbolCount)) }
        for (one, other) in zip(exchangeableSymbols, exchangeableSymbols.dropFirst()) {
            var map = same
            (map[Int(one)], map[Int(other)]) = (other, one)
            generators.append(GridSymmetry(transform: .identity, symbolMap: map))
        }
        return generators
    }

    /// A random symmetry.
    ///
    /// - Parameters:
    ///   - combinations: What ``combinations(symbolCount:)`` returns.
    ///   - generator: Where the choice comes from.
    /// - Returns: Any of the symmetries, each with the same probability.
    public func random(
        among combinations: [GridSymmetry], using generator: inout some RandomNumberGenerator
    ) -> GridSymmetry {
        precondition(!combinations.isEmpty, "no symmetry, not even the identity")
        let chosen = combinations[Int.random(in: combinations.indices, using: &generator)]
        var map = chosen.symbolMap.indices.map { UInt8($0) }
        let exchanged = exchangeableSymbols.shuffled(using: &generator)
        for (old, new) in zip(exchangeableSymbols, exchanged) { map[Int(old)] = new }
        return chosen.followed(by: GridSymmetry(transform: .identity, symbolMap: map))
    }
}

/// A turn or flip that renames symbols: where a grid is mirrored, `<` becomes `>`.
public struct GridSymmetryMap: Sendable, Hashable {
    /// How the grid is turned or flipped.
    public var transform: DihedralTransform
    /// The new symbol of each old one that is renamed; the old ones in another order.
    public let renamed: [UInt8: UInt8]

    /// A map from its parts.
    ///
    /// - Precondition: The symbols are permuted.
    public init(transform: DihedralTransform, renamed: [UInt8: UInt8]) {
        precondition(Set(renamed.keys) == Set(renamed.values), "\(renamed) is no permutation")
        self.transform = transform
        self.renamed = renamed
    }

    /// Reads a map.
    ///
    /// - Parameters:
    ///   - text: The name of a transform and, after a colon, cycles of symbols with spaces between:
    ///     `transpose: <^ >v`. In a cycle each symbol becomes the next one, and the last the first.
    ///     Symbols are the alphabet's characters, or numbers with commas between: `flip: 1,2`.
    ///   - alphabet: The symbols.
    /// - Throws: ``GridError`` naming what cannot be understood.
    public init(parsing text: String, alphabet: GridAlphabet) throws(GridError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].filter { !$0.isWhitespace }
        guard let transform = DihedralTransform(name: name) else {
            throw .unknownTransform(name)
        }
        let notation = GridNotation(alphabet: alphabet)
        var renamed: [UInt8: UInt8] = [:]
        let cycles = parts.count < 2 ? [] : parts[1].split(whereSeparator: \.isWhitespace)
        for cycle in cycles {
            let symbols: [UInt8]
            switch alphabet {
            case .characters: symbols = try notation.grid(String(cycle)).cells
            // A comma at the end makes one number a list, too.
            case .numbers: symbols = try notation.grid(cycle + ",").cells
            }
            for (old, new) in zip(symbols, symbols.dropFirst() + symbols.prefix(1)) {
                guard renamed.updateValue(new, forKey: old) == nil else {
                    throw .renamedTwice(alphabet.text(old))
                }
            }
        }
        self.init(transform: transform, renamed: renamed)
    }

    /// The symmetry of so many symbols.
    func symmetry(symbolCount: Int) throws(GridError) -> GridSymmetry {
        if let largest = renamed.keys.max(), largest >= symbolCount {
            throw .unknownSymbol(Int(largest), count: symbolCount)
        }
        return GridSymmetry(
            transform: transform,
            symbolMap: (0..<symbolCount).map { renamed[UInt8($0)] ?? UInt8($0) })
    }
}

extension DihedralTransform {
    /// The name in commands and messages.
    public var name: String {
        switch self {
        case .identity: "identity"
        case .rotation90: "rotate-90"
        case .rotation180: "rotate-180"
        case .rotation270: "rotate-270"
        case .horizontalFlip: "flip-horizontal"
        case .verticalFlip: "flip-vertical"
        case .transposition: "transpose"
        case .antiTransposition: "anti-transpose"
        }
    }

    /// The symmetry of a name; nil where there is none.
    public init?(name: String) {
        guard let transform = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = transform
    }
}

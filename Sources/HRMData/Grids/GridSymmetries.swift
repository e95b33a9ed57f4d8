/// The declared symmetries of a grid puzzle.
public struct GridSymmetries: Sendable, Hashable {
    /// True if grids may be rotated and flipped.
    public var isDihedral: Bool
    /// Symbols that may be permuted among each other.
    public var exchangeableSymbols: [UInt8]
    /// Transforms that also rename symbols; compositions of them are symmetries as well.
    public var maps: [GridSymmetryMap]

    /// The maximum number of combinations of transforms and renamings that ``maps`` may generate.
    public static let mostCombinations = 4096

    /// Creates symmetries; none by default.
    public init(
        isDihedral: Bool = false, exchangeableSymbols: [UInt8] = [], maps: [GridSymmetryMap] = []
    ) {
        self.isDihedral = isDihedral
        self.exchangeableSymbols = exchangeableSymbols
        self.maps = maps
    }

    /// True if rows can become columns.
    public var swapsAxes: Bool { isDihedral || maps.contains { $0.transform.swapsAxes } }

    /// The number of symmetries without ``maps``, including the identity; `Int.max` if it is
    /// larger.
    public var count: Int {
        count(ofCombinations: isDihedral ? DihedralTransform.allCases.count : 1)
    }

    /// Returns the same count with a given number of combinations in place of the dihedral
    /// transforms.
    func count(ofCombinations combinations: Int) -> Int {
        var count = combinations
        for factor in 1..<max(2, exchangeableSymbols.count + 1) {
            let (product, overflow) = count.multipliedReportingOverflow(by: factor)
            if overflow { return .max }
            count = product
        }
        return count
    }

    /// Returns all symmetries except permutations of exchangeable symbols: the dihedral ones, the
    /// maps, and their compositions.
    ///
    /// - Parameter symbolCount: The number of symbols.
    /// - Returns: Each symmetry once, the identity first; without maps in the order of the
    ///   transforms.
    /// - Throws: ``GridError/tooManySymmetries(limit:)``, or ``GridError`` for a map of a symbol
    ///   that does not exist.
    public func combinations(symbolCount: Int) throws(GridError) -> [GridSymmetry] {
        let same = (0..<symbolCount).map { UInt8($0) }
        let transforms = isDihedral ? DihedralTransform.allCases : [.identity]
        var found = transforms.map { GridSymmetry(transform: $0, symbolMap: same) }
        var known = Set(found)
        var generators = found.filter { $0.transform != .identity }
        for map in maps { generators.append(try map.symmetry(symbolCount: symbolCount)) }
        // Closure under composition: every product of generators is reached one factor at a time.
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

    /// Returns generators of the symmetry group: two dihedral ones, the maps, and transpositions of
    /// symbols.
    ///
    /// - Parameter symbolCount: The number of symbols.
    /// - Returns: The generators; empty if no symmetries are declared.
    /// - Throws: ``GridError`` for a map of a symbol that does not exist.
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

    /// Returns a random symmetry.
    ///
    /// - Parameters:
    ///   - combinations: The result of ``combinations(symbolCount:)``.
    ///   - generator: The source of the random choice.
    /// - Returns: A symmetry, drawn uniformly.
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

/// A transform that also renames symbols; for example, mirroring a grid turns `<` into `>`.
public struct GridSymmetryMap: Sendable, Hashable {
    /// The transform of the grid.
    package var transform: DihedralTransform
    /// The new symbol of each renamed one; a permutation of these symbols.
    public let renamed: [UInt8: UInt8]

    /// Creates a map from its parts.
    ///
    /// - Precondition: The symbols are permuted.
    package init(transform: DihedralTransform, renamed: [UInt8: UInt8]) {
        precondition(Set(renamed.keys) == Set(renamed.values), "\(renamed) is no permutation")
        self.transform = transform
        self.renamed = renamed
    }

    /// Parses a map.
    ///
    /// - Parameters:
    ///   - text: The name of a transform and, after a colon, cycles of symbols separated by spaces:
    ///     `transpose: <^ >v`. In a cycle each symbol becomes the next one, and the last the first.
    ///     Symbols are the alphabet's characters, or numbers separated by commas: `flip: 1,2`.
    ///   - alphabet: The symbols.
    /// - Throws: ``GridError`` with the invalid part.
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
            // With a trailing comma, a single number is parsed as a list.
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

    /// Returns the symmetry for an alphabet of `symbolCount` symbols.
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
    /// The name in command options and messages.
    package var name: String {
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

    /// Returns the transform with a name; `nil` if there is none.
    package init?(name: String) {
        guard let transform = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = transform
    }
}

import HRMFiles

/// All symmetries that follow from those that somebody declares of a puzzle.
package struct GridSymmetryGroup: Sendable, Hashable {
    /// The declared ones, and with them which symbols may change places.
    package let declared: GridSymmetries
    /// The number of symbols.
    package let symbolCount: Int
    /// All of them but for exchanged symbols, the identity first.
    let members: [GridSymmetry]
    /// Those of ``members`` after which a grid that is no square has its rows and columns again.
    private let upright: [GridSymmetry]
    /// Those of ``members`` that leave every cell in its place.
    private let renamings: [GridSymmetry]

    /// The symmetries that follow from some.
    ///
    /// - Throws: ``GridError`` when a symbol is not there, or too many symmetries follow.
    package init(_ declared: GridSymmetries, symbolCount: Int) throws(GridError) {
        let members = try declared.combinations(symbolCount: symbolCount)
        self.declared = GridSymmetries(
            isDihedral: declared.isDihedral, exchangeableSymbols: declared.exchangeableSymbols,
            maps: declared.maps.map { map in
                GridSymmetryMap(
                    transform: map.transform, renamed: map.renamed.filter { $0.key != $0.value })
            })
        self.symbolCount = symbolCount
        self.members = members
        upright = members.filter { !$0.transform.swapsAxes }
        renamings = members.filter { $0.transform == .identity }
    }

    /// True if the identity is the only one.
    package var isTrivial: Bool { members.count == 1 && declared.exchangeableSymbols.count < 2 }

    /// The members under which every question on a canvas is another question on it.
    ///
    /// - Parameters:
    ///   - canvas: The canvas.
    ///   - isFull: Whether grids fill it; else a turned grid would not lie at its top left.
    /// - Returns: Members, the identity among them.
    func members(on canvas: GridCanvas, isFull: Bool) -> [GridSymmetry] {
        guard isFull else { return renamings }
        return canvas.rows == canvas.columns ? members : upright
    }
}

extension GridTask {
    /// True if ``symmetry(of:using:)`` knows any but the identity.
    var hasSymmetries: Bool {
        guard let symmetries, symmetries.symbolCount == alphabet.count else { return false }
        return symmetries.declared.exchangeableSymbols.count > 1
            || symmetries.members(on: canvas, isFull: fillsCanvas).count > 1
    }

    /// A random symmetry of the puzzle, of those that ``symmetries`` has.
    ///
    /// - Parameters:
    ///   - tokens: The question, `[S]`.
    ///   - generator: Where the choice comes from.
    /// - Returns: The symmetry; one that leaves cells where they are unless all grids fill the canvas.
    func symmetry(
        of tokens: [Int32], using generator: inout some RandomNumberGenerator
    ) -> TokenSymmetry {
        guard let symmetries, symmetries.symbolCount == alphabet.count else {
            return .identity(cells: canvas.sequenceLength, tokens: vocabularySize)
        }
        let isFull = fillsCanvas && tokens.allSatisfy { $0 >= Int32(GridCanvas.firstSymbol) }
        let symmetry = symmetries.declared.random(
            among: symmetries.members(on: canvas, isFull: isFull), using: &generator)
        let marks = 0..<Int32(GridCanvas.firstSymbol)
        return TokenSymmetry(
            sources: symmetry.transform.sources(rows: canvas.rows, columns: canvas.columns),
            tokenMap: marks + symmetry.symbolMap.map { Int32($0) + marks.upperBound })
    }
}

extension GridSymmetryGroup: Codable {
    private enum CodingKeys: String, CodingKey {
        case dihedral, exchangeable, maps, symbols
    }

    /// Maps that are read from a file, at most.
    private static let mostMaps = 256

    /// A map as it is written: the new symbol of each old one.
    private struct Map: Codable {
        var transform: String
        var symbols: [Int]
    }

    /// Reads symmetries as this package writes them.
    ///
    /// - Throws: An error when a member is missing or impossible.
    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        let count = try members.wholeNumber(forKey: .symbols)
        guard (1...GridAlphabet.mostSymbols).contains(count) else {
            throw TaskDescriptionError(GridError.alphabetSize(count).description)
        }
        let exchangeable = try members.decodeIfPresent([Int].self, forKey: .exchangeable) ?? []
        guard Set(exchangeable).count == exchangeable.count,
            exchangeable.allSatisfy((0..<count).contains)
        else {
            throw TaskDescriptionError(
                "its exchangeable symbols are not different numbers from 0 to \(count - 1)")
        }
        let written = try members.decodeIfPresent([Map].self, forKey: .maps) ?? []
        guard written.count <= Self.mostMaps else {
            throw TaskDescriptionError(
                "it has \(written.count) maps of symbols, at most \(Self.mostMaps) are read")
        }
        let maps = try written.map { map in
            guard let transform = DihedralTransform(name: map.transform) else {
                throw TaskDescriptionError(
                    GridError.unknownTransform(map.transform).description)
            }
            guard map.symbols.count == count, map.symbols.sorted() == Array(0..<count) else {
                throw TaskDescriptionError(
                    "the symbols of its map '\(transform.name)' are not the numbers from 0 to "
                        + "\(count - 1) in some order")
            }
            var renamed: [UInt8: UInt8] = [:]
            for (old, new) in map.symbols.enumerated() where old != new {
                renamed[UInt8(old)] = UInt8(new)
            }
            return GridSymmetryMap(transform: transform, renamed: renamed)
        }
        let declared = GridSymmetries(
            isDihedral: try members.decodeIfPresent(Bool.self, forKey: .dihedral) ?? false,
            exchangeableSymbols: exchangeable.map { UInt8($0) }, maps: maps)
        do throws(GridError) {
            try self.init(declared, symbolCount: count)
        } catch {
            throw TaskDescriptionError(error.description)
        }
    }

    /// Writes the declared symmetries; what follows from them is not written.
    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(symbolCount, forKey: .symbols)
        try members.encode(declared.isDihedral, forKey: .dihedral)
        try members.encode(declared.exchangeableSymbols.map { Int($0) }, forKey: .exchangeable)
        let maps = try declared.maps.map { map in
            Map(
                transform: map.transform.name,
                symbols: try map.symmetry(symbolCount: symbolCount).symbolMap.map { Int($0) })
        }
        try members.encode(maps, forKey: .maps)
    }
}

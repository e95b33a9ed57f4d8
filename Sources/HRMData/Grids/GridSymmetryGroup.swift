import HRMFiles

/// All symmetries that follow from the declared ones of a puzzle.
package struct GridSymmetryGroup: Sendable, Hashable {
    /// The declared symmetries, including the exchangeable symbols.
    package let declared: GridSymmetries
    /// The number of symbols.
    package let symbolCount: Int
    /// All symmetries except exchanges of symbols, the identity first.
    let members: [GridSymmetry]
    /// The ``members`` that keep the numbers of rows and columns of a grid that is not a square.
    private let upright: [GridSymmetry]
    /// The ``members`` that leave every cell in its place.
    private let renamings: [GridSymmetry]

    /// Derives all symmetries from the declared ones.
    ///
    /// - Throws: ``GridError`` if a symbol does not exist, or there are too many symmetries.
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

    /// True if the identity is the only symmetry.
    package var isTrivial: Bool { members.count == 1 && declared.exchangeableSymbols.count < 2 }

    /// Returns the members that map every question on a canvas to another question on it.
    ///
    /// - Parameters:
    ///   - canvas: The canvas.
    ///   - isFull: True if all grids fill the canvas; otherwise a rotated grid might not be at the
    ///     canvas's top left.
    /// - Returns: The members, including the identity.
    func members(on canvas: GridCanvas, isFull: Bool) -> [GridSymmetry] {
        guard isFull else { return renamings }
        return canvas.rows == canvas.columns ? members : upright
    }
}

extension GridTask {
    /// True if `symmetry(of:using:)` can return a symmetry other than the identity.
    var hasSymmetries: Bool {
        guard let symmetries, symmetries.symbolCount == alphabet.count else { return false }
        return symmetries.declared.exchangeableSymbols.count > 1
            || symmetries.members(on: canvas, isFull: fillsCanvas).count > 1
    }

    /// Returns a random symmetry of the puzzle.
    ///
    /// - Parameters:
    ///   - tokens: The question, `[S]`.
    ///   - generator: The source of the random choice.
    /// - Returns: The symmetry; it does not move cells unless all grids fill the canvas.
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

    /// The maximum number of maps in a file.
    private static let mostMaps = 256

    /// A map as stored in the file: the new symbol of each old one.
    private struct Map: Codable {
        var transform: String
        var symbols: [Int]
    }

    /// Decodes symmetries in this package's format.
    ///
    /// - Throws: An error if a member is missing or invalid.
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

    /// Encodes the declared symmetries; the derived ones are not written.
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

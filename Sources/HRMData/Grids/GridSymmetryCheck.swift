import HRMFiles

/// Evidence that a declared symmetry does not hold.
package struct GridSymmetryDoubt: Sendable, Hashable {
    /// The kind of evidence in the pairs.
    package enum Evidence: Sendable, Hashable {
        /// A question's image is the question of a pair, possibly the same one, but the answers
        /// differ.
        case answers(question: PuzzleGrid, image: PuzzleGrid)
        /// A pattern of adjacent symbols is frequent, but its image never occurs.
        case pattern(PuzzleGrid, count: Int, image: PuzzleGrid)
    }

    /// The symmetry.
    package var symmetry: GridSymmetry
    /// The evidence against it.
    package var evidence: Evidence
}

/// A check of declared symmetries against the pairs that they are declared for.
///
/// There is evidence against a symmetry if it maps a question to another pair's question, or to
/// itself, but the answer to a different answer; or if a pattern of adjacent symbols is frequent in
/// the answers, but its image never occurs. For example, `3<4` in a puzzle with inequalities
/// becomes `4<3` if it is mirrored without renaming the marks.
struct GridSymmetryCheck {
    /// The minimum frequency of a pattern whose image must occur.
    static let fewestSightings = 30
    /// The maximum number of symmetries that are compared with answers.
    private static let mostCombinations = 16
    /// The maximum number of cells that are read.
    private static let mostCells = 2_000_000

    private var answers: [GridPair.Question: PuzzleGrid] = [:]
    private var pairs: [GridPair] = []
    private var sightings: [Pattern: Int] = [:]

    /// Two or three adjacent symbols in a row or a column.
    private struct Pattern: Hashable {
        var isColumn: Bool
        var symbols: [UInt8]

        init(isColumn: Bool, symbols: [UInt8]) {
            (self.isColumn, self.symbols) = (isColumn, symbols)
        }

        init(_ grid: PuzzleGrid) {
            self.init(isColumn: grid.rows > 1, symbols: grid.cells)
        }

        /// Orders patterns; short ones come first.
        func precedes(_ other: Self) -> Bool {
            if symbols.count != other.symbols.count { return symbols.count < other.symbols.count }
            if isColumn != other.isColumn { return other.isColumn }
            return symbols.lexicographicallyPrecedes(other.symbols)
        }

        var grid: PuzzleGrid {
            PuzzleGrid(
                rows: isColumn ? symbols.count : 1, columns: isColumn ? 1 : symbols.count,
                cells: symbols)
        }
    }

    /// Collects the patterns of pairs, up to a maximum number of cells.
    init(_ pairs: [GridPair]) {
        var left = Self.mostCells
        for pair in pairs where left > 0 {
            left -= pair.output.cells.count
            self.pairs.append(pair)
            answers[pair.question] = pair.output
            look(at: pair.output)
        }
    }

    private mutating func look(at grid: PuzzleGrid) {
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                for length in 2...3 {
                    if column + length <= grid.columns {
                        let cells = (0..<length).map { grid[row, column + $0] }
                        sightings[Pattern(isColumn: false, symbols: cells), default: 0] += 1
                    }
                    if row + length <= grid.rows {
                        let cells = (0..<length).map { grid[row + $0, column] }
                        sightings[Pattern(isColumn: true, symbols: cells), default: 0] += 1
                    }
                }
            }
        }
    }

    /// Returns the symmetries that the pairs contradict or make unlikely.
    ///
    /// Patterns are compared under the declared symmetries only. Answers are compared under the
    /// first members of the group, combined with every exchange of symbols.
    ///
    /// - Parameter group: The symmetries.
    /// - Returns: At most one doubt per symmetry, contradictions first.
    /// - Throws: ``GridError`` for a map of a symbol that does not exist.
    func doubts(about group: GridSymmetryGroup) throws(GridError) -> [GridSymmetryDoubt] {
        let contradictions = SymmetryContradictions(
            pairs.filter { answers[$0.question] == $0.output },
            exchangeable: group.declared.exchangeableSymbols, symbolCount: group.symbolCount)
        let contradicted = group.members.prefix(Self.mostCombinations + 1).compactMap {
            contradictions.first(under: $0)
        }
        var seen = Set(contradicted.map(\.symmetry))
        let declared = try group.declared.generators(symbolCount: group.symbolCount)
        return contradicted
            + declared.compactMap { symmetry in
                guard seen.insert(symmetry).inserted else { return nil }
                return missingPattern(under: symmetry).map {
                    GridSymmetryDoubt(symmetry: symmetry, evidence: $0)
                }
            }
    }

    /// Returns the most frequent pattern whose image never occurs.
    private func missingPattern(under symmetry: GridSymmetry) -> GridSymmetryDoubt.Evidence? {
        let missing = sightings.filter { pattern, count in
            count >= Self.fewestSightings
                && sightings[Pattern(symmetry.apply(to: pattern.grid))] == nil
        }
        let most = missing.min { one, other in
            one.value == other.value ? one.key.precedes(other.key) : one.value > other.value
        }
        return most.map {
            .pattern($0.key.grid, count: $0.value, image: symmetry.apply(to: $0.key.grid))
        }
    }
}

extension GridSymmetryDoubt {
    /// Returns a sentence that states the doubt, the evidence and the remedy.
    ///
    /// - Parameter alphabet: The symbols.
    /// - Returns: A sentence without its period.
    public func text(_ alphabet: GridAlphabet) -> String {
        let name = symmetry.text(alphabet)
        switch evidence {
        case .answers(let question, let image):
            let effect =
                question == image
                ? "it leaves the question \(alphabet.line(question)) as it is, but not its answer"
                : "it makes the question \(alphabet.line(question)) the question "
                    + "\(alphabet.line(image)), but their answers are not each other's images"
            return "the symmetry \(name) contradicts the pairs: \(effect)"
                + (symmetry.transform == .identity ? "; \(Self.exchangeRemedy)" : "")
        case .pattern(let pattern, let count, let image):
            return
                "the symmetry \(name) may not be one of this puzzle: \(alphabet.line(pattern)) occurs "
                + "\(count.counted("time")) in the answers, and its image \(alphabet.line(image)) never; "
                + (symmetry.transform == .identity
                    ? Self.exchangeRemedy
                    : "use --symmetry-map where a turn or flip renames symbols")
        }
    }

    private static let exchangeRemedy =
        "leave it out, or name symbols that are not exchanged with --fixed-symbols"
}

extension GridSymmetry {
    /// Returns the transform and the cycles of symbols, in the syntax of `--symmetry-map`.
    ///
    /// - Parameter alphabet: The symbols.
    /// - Returns: The text, quoted if it has spaces.
    public func text(_ alphabet: GridAlphabet) -> String {
        var seen: Set<UInt8> = []
        var cycles: [String] = []
        for first in symbolMap.indices.map({ UInt8($0) }) where !seen.contains(first) {
            var cycle = [first]
            while let last = cycle.last, symbolMap[Int(last)] != first {
                cycle.append(symbolMap[Int(last)])
            }
            seen.formUnion(cycle)
            guard cycle.count > 1 else { continue }
            let separator = if case .numbers = alphabet { "," } else { "" }
            cycles.append(cycle.map(alphabet.text).joined(separator: separator))
        }
        return cycles.isEmpty
            ? transform.name : "'\(transform.name): \(cycles.joined(separator: " "))'"
    }
}

import HRMFiles

/// The symbols that somebody's own puzzles are written with.
public enum GridAlphabet: Sendable, Hashable {
    /// The numbers from 0 on, this many of them.
    case numbers(Int)
    /// Characters; a symbol is the place of a character among them.
    case characters([Character])

    /// The most symbols that fit, with the padding and the end mark, in a byte.
    public static let mostSymbols = 254

    /// Characters that have a meaning between grids, or cannot be seen.
    private static let reserved: Set<Character> = ["/", "[", "{", "\""]

    /// An alphabet of characters.
    ///
    /// - Parameter text: Each symbol's character once; the first one is symbol 0.
    /// - Throws: ``GridError`` when a character is there twice, or cannot be used.
    public init(characters text: String) throws(GridError) {
        let characters = Array(text)
        guard (1...Self.mostSymbols).contains(characters.count) else {
            throw .alphabetSize(characters.count)
        }
        var seen: Set<Character> = []
        for character in characters {
            guard character.isVisible, !Self.reserved.contains(character) else {
                throw .reservedCharacter(character)
            }
            guard seen.insert(character).inserted else { throw .repeatedCharacter(character) }
        }
        self = .characters(characters)
    }

    /// How many symbols there are.
    public var count: Int {
        switch self {
        case .numbers(let count): count
        case .characters(let characters): characters.count
        }
    }

    /// How a symbol is written.
    ///
    /// - Precondition: The symbol is below ``count``.
    public func text(_ symbol: UInt8) -> String {
        precondition(Int(symbol) < count, "symbol \(symbol) of \(count)")
        return switch self {
        case .numbers: String(symbol)
        case .characters(let characters): String(characters[Int(symbol)])
        }
    }

    /// A row of a grid as text; numbers beyond 9 make spaces between necessary.
    public func row(_ symbols: some Sequence<UInt8>) -> String {
        let separator =
            switch self {
            case .numbers(let count): count > 10 ? " " : ""
            case .characters: ""
            }
        return symbols.map(text).joined(separator: separator)
    }

    /// A grid in one line, with `/` between its rows.
    public func line(_ grid: PuzzleGrid) -> String {
        (0..<grid.rows).map { row in
            self.row(grid.cells[(row * grid.columns)..<((row + 1) * grid.columns)])
        }.joined(separator: "/")
    }
}

import HRMFiles

/// The symbols of a custom grid puzzle.
public enum GridAlphabet: Sendable, Hashable {
    /// Numbers from 0 up; the value is their count.
    case numbers(Int)
    /// Characters; a symbol is an index into them.
    case characters([Character])

    /// The maximum number of symbols that fit in a byte beside padding and end mark.
    public static let mostSymbols = 254

    /// Characters with a meaning in the text of grids.
    private static let reserved: Set<Character> = ["/", "[", "{", "\""]

    /// Creates an alphabet of characters.
    ///
    /// - Parameter text: The characters of the symbols, each once; the first one is symbol 0.
    /// - Throws: ``GridError`` if a character is repeated, reserved or invisible, or if there are
    ///   none or more than ``mostSymbols``.
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

    /// The number of symbols.
    public var count: Int {
        switch self {
        case .numbers(let count): count
        case .characters(let characters): characters.count
        }
    }

    /// Returns the text of a symbol.
    ///
    /// - Precondition: The symbol is below ``count``.
    public func text(_ symbol: UInt8) -> String {
        precondition(Int(symbol) < count, "symbol \(symbol) of \(count)")
        return switch self {
        case .numbers: String(symbol)
        case .characters(let characters): String(characters[Int(symbol)])
        }
    }

    /// Returns the text of a row; numbers are separated by spaces if there are more than ten symbols.
    public func row(_ symbols: some Sequence<UInt8>) -> String {
        let separator =
            switch self {
            case .numbers(let count): count > 10 ? " " : ""
            case .characters: ""
            }
        return symbols.map(text).joined(separator: separator)
    }

    /// Returns a grid in one line, with `/` between its rows.
    public func line(_ grid: PuzzleGrid) -> String {
        (0..<grid.rows).map { row in
            self.row(grid.cells[(row * grid.columns)..<((row + 1) * grid.columns)])
        }.joined(separator: "/")
    }
}

import HRMFiles

/// An error in a grid, an alphabet, a canvas or a symmetry.
public enum GridError: Error, Equatable, Sendable {
    /// An alphabet has too few or too many characters.
    case alphabetSize(Int)
    /// A character cannot be used as a symbol.
    case reservedCharacter(Character)
    /// An alphabet has a repeated character.
    case repeatedCharacter(Character)
    /// A grid has no cells.
    case empty
    /// A row differs in length from the first one.
    case ragged(row: Int, cells: Int, expected: Int)
    /// A number is not a symbol.
    case symbolOutOfRange(Int, row: Int, column: Int, count: Int)
    /// A character is not in the alphabet.
    case unknownCharacter(Character, row: Int, column: Int, alphabet: GridAlphabet)
    /// A grid is written with characters, but no alphabet is given.
    case alphabetMissing(Character)
    /// A grid has too many rows or columns.
    case tooLarge(rows: Int, columns: Int, canvas: GridCanvas)
    /// The size of a canvas is not supported.
    case canvas(rows: Int, columns: Int)
    /// A name matches no transform.
    case unknownTransform(String)
    /// A symmetry renames a symbol twice.
    case renamedTwice(String)
    /// A symmetry renames a symbol that does not exist.
    case unknownSymbol(Int, count: Int)
    /// The declared symmetries generate too many others.
    case tooManySymmetries(limit: Int)
}

extension GridError: CustomStringConvertible {
    /// A clause that states the problem, the place and the remedy.
    public var description: String {
        switch self {
        case .alphabetSize(let count):
            "an alphabet of \(count.counted("character")) is not accepted; use 1 to "
                + "\(GridAlphabet.mostSymbols)"
        case .reservedCharacter(let character):
            "\(character.quoted) cannot be a symbol: it cannot be seen, or has a meaning "
                + "between grids; use another character"
        case .repeatedCharacter(let character):
            "the alphabet has \(character.quoted) twice; name each character once"
        case .empty: "the grid has no cell; write at least one"
        case .ragged(let row, let cells, let expected):
            "row \(row + 1) has \(cells.counted("cell")), the first row has \(expected); make the rows equally "
                + "long"
        case .symbolOutOfRange(let value, let row, let column, let count):
            "\(value) in row \(row + 1), column \(column + 1) is no symbol; symbols are 0 to "
                + "\(count - 1)"
        case .unknownCharacter(let character, let row, let column, let alphabet):
            "\(character.quoted) in row \(row + 1), column \(column + 1) is not in the alphabet "
                + "'\(alphabet.row((0..<alphabet.count).map { UInt8($0) }))'"
        case .alphabetMissing(let character):
            "\(character.quoted) is no number; say with --alphabet which characters the grids "
                + "are written with"
        case .tooLarge(let rows, let columns, let canvas):
            "a grid of \(rows)×\(columns) does not fit on the canvas of "
                + "\(canvas.rows)×\(canvas.columns); choose a larger canvas, or leave the grid out"
        case .unknownTransform(let name):
            "'\(name.filter(\.isVisible))' is no turn or flip; use one of "
                + DihedralTransform.allCases.map(\.name).joined(separator: ", ")
        case .renamedTwice(let symbol):
            "'\(symbol)' is renamed twice; name each symbol in one cycle, once"
        case .unknownSymbol(let symbol, let count):
            "the symbol \(symbol) does not occur; the symbols are 0 to \(count - 1)"
        case .tooManySymmetries(let limit):
            "more than \(limit) symmetries follow from these; leave some renamings out, or use "
                + "--symmetry symbols for symbols that may all change places"
        case .canvas(let rows, let columns):
            "a canvas of \(rows)×\(columns) is not accepted; use 1×1 to "
                + "\(GridCanvas.largestSide)×\(GridCanvas.largestSide)"
        }
    }
}

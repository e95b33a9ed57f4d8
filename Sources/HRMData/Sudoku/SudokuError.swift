import HRMFiles

/// An error in the text or tokens of a Sudoku board.
public enum SudokuError: Error, Equatable, Sendable {
    /// The size is not 4, 6, 8 or 9.
    case unknownSize(Int)
    /// No supported geometry has such boxes.
    case unknownBoxes(rows: Int, columns: Int)
    /// No supported size has this number of cells.
    case unknownLength(Int)
    /// The number of cells differs from that of the expected geometry.
    case wrongLength(found: Int, geometry: SudokuGeometry)
    /// The number of drawn rows differs from that of the expected geometry.
    case wrongRowCount(Int, geometry: SudokuGeometry)
    /// The length of a drawn row, counting from 1, differs from that of the expected geometry.
    case wrongRow(Int, found: Int, geometry: SudokuGeometry)
    /// The bars and rules of a drawing form different boxes from the expected ones.
    case drawnBoxes(SudokuDrawnBoxes, geometry: SudokuGeometry)
    /// A text contains several puzzles instead of one.
    case severalPuzzles(Int, geometry: SudokuGeometry)
    /// A text contains numbers of several digits instead of cells.
    case numbers(String, row: Int, column: Int, geometry: SudokuGeometry)
    /// JSON contains no board.
    case json(reason: String)
    /// A digit is given twice in a row, column or box.
    case contradiction(SudokuContradiction)
    /// A character is neither a digit of this size nor a blank.
    case invalidCharacter(Character, cell: Int, geometry: SudokuGeometry)
    /// A token is neither a digit nor a blank.
    case invalidToken(Int, cell: Int, geometry: SudokuGeometry)
}

extension SudokuError: CustomStringConvertible {
    /// A sentence that states the problem, the place and the remedy.
    public var description: String {
        switch self {
        case .unknownSize(let size):
            "there are no Sudokus of size \(size) here; use 4, 6, 8 or 9"
        case .unknownBoxes(let rows, let columns):
            "there are no Sudokus with \(SudokuGeometry.boxes(rows: rows, columns: columns)) here; "
                + "use \(SudokuGeometry.all.map { "\($0.boxRows)x\($0.boxColumns)" }.joined(separator: ", "))"
        case .unknownLength(let length):
            "a puzzle of \(length.counted("cell")) has no known size; write 16 characters (4×4), "
                + "36 (6×6), 64 (8×8) or 81 (9×9)"
        case .wrongLength(let found, let geometry):
            "\(geometry.withArticle) puzzle has \(geometry.cellCount) cells, but this one has \(found); write "
                + "one character a cell, '.' or '0' where it is blank"
        case .wrongRowCount(let found, let geometry):
            "\(geometry.withArticle) puzzle has \(geometry.size) rows, but \(found) \(found.word("is", "are")) drawn; write a line for "
                + "each, or all \(geometry.cellCount) cells in one line"
        case .wrongRow(let row, let found, let geometry):
            "row \(row) of the drawing has \(found.counted("cell")), but \(geometry.withArticle) puzzle has "
                + "\(geometry.size) in each; write one character a cell, '.' or '0' where it is blank"
        case .drawnBoxes(let drawn, let geometry):
            "it is drawn with \(drawn); the model knows \(geometry.boxes)"
        case .severalPuzzles(let count, let geometry):
            "it has \(count) puzzles of \(geometry.cellCount) cells; write one a line"
        case .numbers(let text, let row, let column, let geometry):
            "'\(text)' in row \(row), column \(column) is no cell of \(geometry.withArticle) puzzle; a cell is one "
                + "digit from 1 to \(geometry.size), a blank ('.' or '0'), or several different digits "
                + "that are still possible"
        case .json(let reason):
            "it is written in JSON, but \(reason); write a list of rows, [[5,3,0,…],…] with 0 or null for a "
                + "blank, or an object with the key 'puzzle'"
        case .contradiction(let contradiction):
            "\(contradiction), so there is no solution; correct one of these cells"
        case .invalidCharacter(let character, let cell, let geometry):
            "\(character.quoted) in row \(geometry.row(ofCell: cell) + 1), column "
                + "\(geometry.column(ofCell: cell) + 1) (character \(cell + 1)) has no place in "
                + "\(geometry.withArticle) puzzle; use 1 to \(geometry.size), and '.' or '0' for a blank"
        case .invalidToken(let token, let cell, let geometry):
            "the token \(token) in row \(geometry.row(ofCell: cell) + 1), column "
                + "\(geometry.column(ofCell: cell) + 1) is no cell of \(geometry.withArticle) puzzle; tokens "
                + "are 1 (blank) to \(geometry.size + 1)"
        }
    }
}

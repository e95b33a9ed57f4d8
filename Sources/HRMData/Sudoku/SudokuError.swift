/// Why a text, or a row of tokens, is not a Sudoku board.
public enum SudokuError: Error, Equatable, Sendable {
    /// A size other than 4, 6, 8 and 9.
    case unknownSize(Int)
    /// Boxes that no known size has.
    case unknownBoxes(rows: Int, columns: Int)
    /// A number of cells that belongs to no known size.
    case unknownLength(Int)
    /// Another number of cells than the wanted size has.
    case wrongLength(found: Int, geometry: SudokuGeometry)
    /// A drawing with another number of rows than the wanted size has.
    case wrongRowCount(Int, geometry: SudokuGeometry)
    /// A row of a drawing, counting from 1, with another number of cells than the wanted size has.
    case wrongRow(Int, found: Int, geometry: SudokuGeometry)
    /// A drawing whose bars and rules set other boxes apart than the wanted ones.
    case drawnBoxes(SudokuDrawnBoxes, geometry: SudokuGeometry)
    /// A text with more than one puzzle where one is wanted.
    case severalPuzzles(Int, geometry: SudokuGeometry)
    /// Numbers of several digits where cells are wanted.
    case numbers(String, row: Int, column: Int, geometry: SudokuGeometry)
    /// A digit that is given twice in a row, column or box.
    case contradiction(SudokuContradiction)
    /// A character which is neither a digit of this size nor a blank.
    case invalidCharacter(Character, cell: Int, geometry: SudokuGeometry)
    /// A token which is neither a digit nor a blank.
    case invalidToken(Int, cell: Int, geometry: SudokuGeometry)
}

extension SudokuError: CustomStringConvertible {
    /// One sentence: what is wrong, where, and how to mend it.
    public var description: String {
        switch self {
        case .unknownSize(let size):
            "there are no Sudokus of size \(size) here; use 4, 6, 8 or 9"
        case .unknownBoxes(let rows, let columns):
            "there are no Sudokus with \(SudokuGeometry.boxes(rows: rows, columns: columns)) here; "
                + "use \(SudokuGeometry.all.map { "\($0.boxRows)x\($0.boxColumns)" }.joined(separator: ", "))"
        case .unknownLength(let length):
            "a puzzle of \(length) cells has no known size; write 16 characters (4×4), "
                + "36 (6×6), 64 (8×8) or 81 (9×9)"
        case .wrongLength(let found, let geometry):
            "\(geometry.withArticle) puzzle has \(geometry.cellCount) cells, but this one has \(found); write "
                + "one character a cell, '.' or '0' where it is blank"
        case .wrongRowCount(let found, let geometry):
            "\(geometry.withArticle) puzzle has \(geometry.size) rows, but \(found) are drawn; write a line for "
                + "each, or all \(geometry.cellCount) cells in one line"
        case .wrongRow(let row, let found, let geometry):
            "row \(row) of the drawing has \(found) cells, but \(geometry.withArticle) puzzle has "
                + "\(geometry.size) in each; write one character a cell, '.' or '0' where it is blank"
        case .drawnBoxes(let drawn, let geometry):
            "it is drawn with \(drawn); the model knows \(geometry.boxes)"
        case .severalPuzzles(let count, let geometry):
            "it has \(count) puzzles of \(geometry.cellCount) cells; write one a line"
        case .numbers(let text, let row, let column, let geometry):
            "'\(text)' in row \(row), column \(column) is no cell of \(geometry.withArticle) puzzle; a cell is one "
                + "digit from 1 to \(geometry.size), a blank ('.' or '0'), or several different digits "
                + "that are still possible"
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

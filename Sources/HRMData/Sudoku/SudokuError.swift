/// Why a text, or a row of tokens, is not a Sudoku board.
public enum SudokuError: Error, Equatable, Sendable {
    /// A size other than 4, 6 and 9.
    case unknownSize(Int)
    /// A number of cells that belongs to no known size.
    case unknownLength(Int)
    /// Another number of cells than the wanted size has.
    case wrongLength(found: Int, geometry: SudokuGeometry)
    /// A drawing with another number of rows than the wanted size has.
    case wrongRowCount(Int, geometry: SudokuGeometry)
    /// A row of a drawing, counting from 1, with another number of cells than the wanted size has.
    case wrongRow(Int, found: Int, geometry: SudokuGeometry)
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
            "there are no Sudokus of size \(size) here; use 4, 6 or 9"
        case .unknownLength(let length):
            "a puzzle of \(length) cells has no known size; write 16 characters (4×4), "
                + "36 (6×6) or 81 (9×9)"
        case .wrongLength(let found, let geometry):
            "a \(geometry) puzzle has \(geometry.cellCount) cells, but \(found) are given; write "
                + "one character a cell, '.' or '0' where it is blank"
        case .wrongRowCount(let found, let geometry):
            "a \(geometry) puzzle has \(geometry.size) rows, but \(found) are drawn; write a line for "
                + "each, or all \(geometry.cellCount) cells in one line"
        case .wrongRow(let row, let found, let geometry):
            "row \(row) of the drawing has \(found) cells, but a \(geometry) puzzle has "
                + "\(geometry.size) in each; write one character a cell, '.' or '0' where it is blank"
        case .invalidCharacter(let character, let cell, let geometry):
            "'\(character)' in row \(geometry.row(ofCell: cell) + 1), column "
                + "\(geometry.column(ofCell: cell) + 1) (character \(cell + 1)) has no place in a "
                + "\(geometry) puzzle; use 1 to \(geometry.size), and '.' or '0' for a blank"
        case .invalidToken(let token, let cell, let geometry):
            "the token \(token) in row \(geometry.row(ofCell: cell) + 1), column "
                + "\(geometry.column(ofCell: cell) + 1) is no cell of a \(geometry) puzzle; tokens "
                + "are 1 (blank) to \(geometry.size + 1)"
        }
    }
}

/// How the tokens of a data set are drawn: the one place that knows the digits of Sudokus, the
/// characters of mazes and the colours of ARC.
///
/// What a data set is about is read off its sizes: a Sudoku of n × n has n + 2 tokens (n + 1 without
/// padding), mazes have 6, ARC has 12. Tokens of any other data set are drawn as numbers.
public struct TokenAppearance: Sendable, Hashable {
    /// What the tokens stand for.
    public enum Kind: String, Sendable, Hashable {
        /// Token 1 is blank, `d + 1` the digit `d`; without padding, 0 is blank and `d` is `d`.
        case sudoku
        /// Tokens 1 through 5 are wall, floor, start, goal, path.
        case maze
        /// Token 1 ends a grid, `c + 2` is the colour `c`.
        case arc
        /// Anything else.
        case numbers
    }

    /// What the tokens stand for.
    public let kind: Kind
    /// Rows of the canvas.
    public let rows: Int
    /// Columns of the canvas; where the length is not a square, its last cells are beyond the end.
    public let columns: Int
    /// The token of a blank cell in a Sudoku.
    private let blank: Int

    /// Sequences longer than this are not drawn.
    public static let longestSequence = 10_000

    private static let blue = RGBColor(0x1B5FC4)
    private static let black = RGBColor(0x111111)
    private static let white = RGBColor(0xFFFFFF)
    private static let faint = RGBColor(0xE4E4E4)
    /// Wall, floor, start, goal, path.
    private static let mazeFills: [UInt32] = [0x2B3A4A, 0xFFFFFF, 0x2ECC40, 0xFF4136, 0x7FDBFF]
    private static let mazeGlyphs = ["#", "", "S", "G", "o"]
    /// The ten colours that ARC's own viewer uses.
    private static let arcFills: [UInt32] = [
        0x000000, 0x0074D9, 0xFF4136, 0x2ECC40, 0xFFDC00, 0xAAAAAA, 0xF012BE, 0xFF851B, 0x7FDBFF,
        0x870C25,
    ]

    /// The appearance of a data set's tokens, or nil when its sequences are too long to be drawn.
    ///
    /// - Parameters:
    ///   - vocabularySize: How many different tokens there are; nil when that is not known.
    ///   - sequenceLength: Tokens in an example.
    public init?(vocabularySize: Int?, sequenceLength: Int) {
        guard (1...Self.longestSequence).contains(sequenceLength) else { return nil }
        let side = (1...100).first { $0 * $0 >= sequenceLength } ?? 100
        columns = side
        rows = (sequenceLength + side - 1) / side
        let isSquare = side * side == sequenceLength
        kind =
            switch vocabularySize {
            case side + 2 where isSquare && [4, 6, 9].contains(side): .sudoku
            case 10 where isSquare && side == 9: .sudoku
            case 6 where isSquare: .maze
            case 12 where isSquare: .arc
            default: .numbers
            }
        blank = vocabularySize == side + 1 ? 0 : 1
    }

    /// An input and its output, drawn to the same extents: rows and columns at the edges that hold
    /// only padding in both are left out.
    ///
    /// - Parameters:
    ///   - input: The input's tokens.
    ///   - output: The label's tokens; in Sudokus and numbers, what the input does not have already
    ///     is blue.
    ///   - padToken: The token that stands for nothing.
    /// - Returns: Both pictures.
    public func pictures(
        input: [Int], output: [Int], padToken: Int = 0
    ) -> (input: GridPicture, output: GridPicture) {
        precondition(
            input.count == output.count && input.count <= rows * columns,
            "\(input.count) and \(output.count) tokens on a canvas of \(rows) × \(columns)")
        let used = input.indices.filter { input[$0] != padToken || output[$0] != padToken }
        let usedRows = used.map { $0 / columns }
        let usedColumns = used.map { $0 % columns }
        let rowRange = (usedRows.min() ?? 0)...(usedRows.max() ?? rows - 1)
        let columnRange = (usedColumns.min() ?? 0)...(usedColumns.max() ?? columns - 1)
        func picture(_ tokens: [Int], given: [Int]?) -> GridPicture {
            let cells = rowRange.flatMap { row in
                columnRange.map { column in
                    let index = row * columns + column
                    guard index < tokens.count else { return nothing }
                    return cell(tokens[index], isNew: given.map { $0[index] != tokens[index] })
                }
            }
            let boxes = kind == .sudoku && rowRange.count == rows && columnRange.count == columns
            return GridPicture(
                rows: rowRange.count, columns: columnRange.count, cells: cells,
                boxRows: boxes ? (rows == 9 ? 3 : 2) : nil,
                boxColumns: boxes ? (columns == 4 ? 2 : 3) : nil)
        }
        return (picture(input, given: nil), picture(output, given: input))
    }

    /// How one token is spelled in a text, such as a histogram.
    public func name(of token: Int) -> String {
        switch (kind, token) {
        case (.sudoku, blank): "blank"
        case (_, 0): "pad"
        case (.sudoku, _): String(token - blank)
        case (.maze, 2): "floor"
        case (.maze, 1...5): Self.mazeGlyphs[token - 1]
        case (.arc, 1): "end"
        case (.arc, _): String(token - 2)
        default: String(token)
        }
    }

    private var nothing: GridPicture.Cell { .init("", fill: Self.faint, ink: Self.black) }

    private func cell(_ token: Int, isNew: Bool?) -> GridPicture.Cell {
        let ink = isNew == true ? Self.blue : Self.black
        switch (kind, token) {
        case (.sudoku, blank): return .init("", fill: Self.white, ink: ink)
        case (.sudoku, (blank + 1)...(blank + rows)):
            return .init(String(token - blank), fill: Self.white, ink: ink)
        case (.maze, 1...5):
            let fill = RGBColor(Self.mazeFills[token - 1])
            return .init(
                Self.mazeGlyphs[token - 1], fill: fill, ink: token == 1 ? fill : Self.black)
        case (.arc, 1): return .init("+", fill: Self.faint, ink: RGBColor(0x999999))
        case (.arc, 2...11):
            let fill = RGBColor(Self.arcFills[token - 2])
            let isDark = [0, 1, 9].contains(token - 2)
            return .init(
                String(token - 2), fill: fill, ink: isDark ? Self.white : Self.black)
        case (.sudoku, 0), (.maze, 0), (.arc, 0): return nothing
        case (.numbers, _): return .init(String(token), fill: Self.white, ink: ink)
        default: return .init("?", fill: Self.white, ink: RGBColor(0xFF4136))
        }
    }
}

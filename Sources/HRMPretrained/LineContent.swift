/// The kinds of characters in a line, counted in one pass.
///
/// This is a fast filter: it excludes most lines that are not part of a puzzle. A line that it
/// excludes would be refused by the parsers as well; any other line must still be parsed.
struct LineContent {
    /// The maximum number of cells in a row of a drawing with pencil marks in each cell.
    private static let mostMarks = 81
    /// The number of cells of the smallest board.
    private static let fewestCells = 16

    /// The number of characters that can be cells of a Sudoku.
    private(set) var cells = 0
    /// The longest run of such characters; characters that a parser skips do not end a run.
    private(set) var longestRun = 0
    /// The number of commas and semicolons.
    private(set) var delimiters = 0
    /// True if all characters can occur in a maze.
    private(set) var isOfMaze = true
    /// True if a character cannot occur in a row of a Sudoku.
    private(set) var hasOthers = false
    private var hasBarsOrTabs = false
    private var count = 0
    private var run = 0

    init(_ line: some StringProtocol) {
        var isInComment = false
        var follows: Unicode.Scalar = " "
        for scalar in line.unicodeScalars {
            count += 1
            isOfMaze = isOfMaze && Self.isOfMaze(scalar)
            if scalar == "#", Self.isSpace(follows) { isInComment = true }
            add(scalar, isInComment: isInComment)
            follows = scalar
        }
    }

    private mutating func add(_ scalar: Unicode.Scalar, isInComment: Bool) {
        switch scalar {
        case "0"..."9", ".", "*", "_", "?", "-", "x", "X":
            run += 1
            longestRun = max(longestRun, run)
            if !isInComment { cells += 1 }
            return
        // HoDoKu writes a plus sign before digits.
        case "+": hasOthers = hasOthers || !isInComment
        case ",", ";":
            run = 0
            if !isInComment { delimiters += 1 }
        case "|", "\t":
            run = 0
            hasBarsOrTabs = true
        case "│", "┃", "║", "¦": hasBarsOrTabs = true
        default:
            if scalar.isASCII { run = 0 }
            guard !Self.isSpace(scalar), !scalar.properties.isGraphemeExtend else { return }
            run = 0
            hasOthers = hasOthers || !isInComment
        }
    }

    /// True if a field of the line can be a board of a Sudoku.
    var mayHoldSudoku: Bool { longestRun >= Self.fewestCells }

    /// True if the line can be a row of a Sudoku, or a board.
    var mayBeSudoku: Bool {
        if mayHoldSudoku { return true }
        guard !hasOthers, (1...Self.mostMarks).contains(cells) else { return false }
        // Each field has one character.
        if delimiters > 0 { return cells <= delimiters + 1 }
        return hasBarsOrTabs || cells >= 4
    }

    /// True if the line can be a row of a 9×9 maze, or a whole maze in one line.
    var mayBeMaze: Bool { isOfMaze && count <= 89 }

    private static func isOfMaze(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "#", "S", "G", "o", ".", " ", "/": true
        default: false
        }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            ? scalar == " " || (0x09...0x0D).contains(scalar.value)
            : scalar.properties.isWhitespace
    }
}

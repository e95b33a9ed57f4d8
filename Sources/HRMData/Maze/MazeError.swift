/// Why something is not a maze, or not one that can be solved.
public enum MazeError: Error, Equatable, Sendable {
    /// A number of cells that no square has.
    case notSquare(cells: Int)
    /// A number of rows that is not accepted.
    case size(Int)
    /// A maze of another number of rows than wanted.
    case otherSize(found: Int, expected: Int)
    /// A row with more cells than there are rows.
    case longRow(Int, length: Int, size: Int)
    /// Every row has fewer cells than there are rows.
    case narrow(columns: Int, rows: Int)
    /// A character that stands for no cell.
    case invalidCharacter(Character, cell: Int, size: Int)
    /// A token that stands for no cell.
    case invalidToken(Int, cell: Int, size: Int)
    /// There is no start, or no goal.
    case missing(Maze.Cell)
    /// There are several starts, or several goals.
    case several(Maze.Cell)
    /// A question with a way drawn into it.
    case pathInQuestion(cell: Int, size: Int)
    /// Walls keep the start and the goal apart.
    case noPath
    /// An answer of another size than its question.
    case differentSizes(question: Int, answer: Int)
    /// An answer that has another cell where the question's is neither open nor the way.
    case contradiction(cell: Int, size: Int, question: Maze.Cell, answer: Maze.Cell)
    /// An answer whose way is no shortest one.
    case notShortest(MazeAnswer.Verdict)
}

extension MazeError: CustomStringConvertible {
    /// A clause: what is wrong, where, and how to mend it.
    public var description: String {
        switch self {
        case .notSquare(let cells):
            "\(cells) cells do not make a square; a maze has as many rows as columns"
        case .size(let size):
            "a maze of \(size) rows is not accepted; use \(Maze.sizes.lowerBound) to "
                + "\(Maze.sizes.upperBound)"
        case .otherSize(let found, let expected):
            "a maze of \(found)×\(found) cells; this model knows mazes of \(expected)×\(expected)"
        case .longRow(let row, let length, let size):
            "row \(row + 1) has \(length) cells, but there are \(size) rows; a maze has as many "
                + "rows as columns"
        case .narrow(let columns, let rows):
            "there are \(rows) rows, but at most \(columns) columns; a maze has as many rows as "
                + "columns"
        case .invalidCharacter(let character, let cell, let size):
            "\(character.quoted) in \(Self.place(cell, size)) is no cell; use # for a "
                + "wall, a space or . for an open cell, S for the start, G for the goal"
        case .invalidToken(let token, let cell, let size):
            "the token \(token) in \(Self.place(cell, size)) is no cell; cells are 1 to 5"
        case .missing(let kind):
            "there is no \(Self.name(kind)); mark one open cell with \(kind.character)"
        case .several(let kind):
            "there is more than one \(Self.name(kind)); leave one \(kind.character)"
        case .pathInQuestion(let cell, let size):
            "there is a way drawn into the question in \(Self.place(cell, size)); leave the cell "
                + "open"
        case .noPath:
            "walls keep the start and the goal apart; open one, or remove the maze"
        case .differentSizes(let question, let answer):
            "the question has \(question) rows, the answer \(answer); they must be of one size"
        case .contradiction(let cell, let size, let question, let answer):
            "in \(Self.place(cell, size)) the question has '\(question.character)', the answer "
                + "'\(answer.character)'; an answer differs by the way alone"
        case .notShortest(let verdict):
            "the answer is \(verdict); draw a shortest way with o"
        }
    }

    private static func place(_ cell: Int, _ size: Int) -> String {
        "row \(cell / size + 1), column \(cell % size + 1)"
    }

    private static func name(_ kind: Maze.Cell) -> String {
        kind == .start ? "start" : kind == .goal ? "goal" : "\(kind)"
    }
}

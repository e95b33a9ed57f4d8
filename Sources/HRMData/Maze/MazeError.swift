import HRMFiles

/// An error in a maze, its question or its answer.
public enum MazeError: Error, Equatable, Sendable {
    /// The number of cells is not a square.
    case notSquare(cells: Int)
    /// The number of rows or columns is not supported.
    case size(MazeSize)
    /// A drawn maze does not have the expected size.
    case otherSize(found: MazeSize, expected: MazeSize)
    /// The number of cells differs from that of the expected size.
    case cellCount(found: Int, expected: MazeSize)
    /// The number of drawn rows differs from the expected one.
    case rowCount(found: Int, expected: MazeSize)
    /// A row has more cells than expected.
    case longRow(Int, length: Int, size: MazeSize)
    /// A character is not a maze cell.
    case invalidCharacter(Character, cell: Int, size: MazeSize)
    /// A token is not a maze cell.
    case invalidToken(Int, cell: Int, size: MazeSize)
    /// There is no start, or no goal.
    case missing(Maze.Cell)
    /// There are several starts, or several goals.
    case several(Maze.Cell)
    /// A question has a path drawn into it.
    case pathInQuestion(cell: Int, size: MazeSize)
    /// No path connects the start and the goal.
    case noPath
    /// An answer and its question have different sizes.
    case differentSizes(question: MazeSize, answer: MazeSize)
    /// An answer changes a cell that is neither open nor on the path.
    case contradiction(cell: Int, size: MazeSize, question: Maze.Cell, answer: Maze.Cell)
    /// An answer's path is not a shortest one.
    case notShortest(MazeAnswer.Verdict)
}

extension MazeError: CustomStringConvertible {
    /// A clause that states the problem, the place and the remedy.
    public var description: String {
        switch self {
        case .notSquare(let cells):
            "\(cells.counted("cell")) in one row \(cells.word("does", "do")) not make a square; write '/' between the rows of a maze "
                + "that is not square"
        case .size(let size):
            "a maze of \(size.rows.counted("row")) and \(size.columns.counted("column")) is not accepted; use "
                + "\(Maze.sizes.lowerBound) to \(Maze.sizes.upperBound) of each"
        case .otherSize(let found, let expected):
            "a maze of \(found) cells; this model takes \(expected) mazes"
        case .cellCount(let found, let expected):
            "there \(found.word("is", "are")) \(found.counted("cell")); this model takes \(expected) mazes, which have "
                + "\(expected.cellCount)"
        case .rowCount(let found, let expected):
            "\(found.counted("row is", "rows are")) drawn, but this model takes "
                + "\(expected) mazes; draw \(expected.rows.counted("row")) without an empty line between, and a "
                + "row of open cells with '.'"
        case .longRow(let row, let length, let size):
            "row \(row + 1) has \(length.counted("cell")), but this model takes \(size) mazes; draw "
                + "\(size.columns.counted("cell")) in each row"
        case .invalidCharacter(let character, let cell, let size):
            "\(character.quoted) in \(size.place(of: cell)) is no cell of a maze; \(Self.notation)"
        case .invalidToken(let token, let cell, let size):
            "the token \(token) in \(size.place(of: cell)) is no cell; cells are 1 to 5"
        case .missing(let kind):
            "there is no \(Self.name(kind)); mark one open cell with \(kind.character)"
        case .several(let kind):
            "there is more than one \(Self.name(kind)); leave one \(kind.character)"
        case .pathInQuestion(let cell, let size):
            "there is a way drawn into the question in \(size.place(of: cell)); leave the cell "
                + "open"
        case .noPath:
            "walls keep the start and the goal apart; open one, or remove the maze"
        case .differentSizes(let question, let answer):
            "the question has \(question) cells, the answer \(answer); they must be of one size"
        case .contradiction(let cell, let size, let question, let answer):
            "in \(size.place(of: cell)) the question has '\(question.character)', the answer "
                + "'\(answer.character)'; an answer differs by the way alone"
        case .notShortest(let verdict):
            "the answer is \(verdict); draw a shortest path with o"
        }
    }

    /// The notation of a maze.
    private static let notation =
        "write # for a wall, a space or . for an open cell, S for the start, G for the goal"

    private static func name(_ kind: Maze.Cell) -> String {
        kind == .start ? "start" : kind == .goal ? "goal" : "\(kind)"
    }
}

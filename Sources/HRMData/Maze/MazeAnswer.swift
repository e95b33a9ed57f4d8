/// What a model drew into a maze, and whether that is a shortest way.
public struct MazeAnswer: Sendable, Hashable {
    /// Whether an answer solves a maze; when several things are wrong, the first of these is told.
    public enum Verdict: Sendable, Hashable {
        /// A shortest way from start to goal, and nothing else was changed.
        case valid
        /// Cells with a token that stands for no cell of a maze.
        case noCells(Int)
        /// Walls, start or goal were overwritten, or new ones made.
        case changedCells(Int)
        /// What is drawn does not lead from start to goal.
        case notConnected
        /// It leads there, in more cells than needed.
        case tooLong(cells: Int, shortest: Int)
    }

    /// The maze.
    public let question: Maze
    /// The answer; a cell is open where the model's token is none.
    public let maze: Maze
    /// Cells that are not what they were, other than open ones that became the way.
    public let changedCells: [Int]
    private let strangeTokens: Int

    /// Reads a model's tokens.
    ///
    /// - Parameters:
    ///   - tokens: One token a cell.
    ///   - question: What was asked.
    /// - Precondition: There are as many tokens as cells.
    public init(tokens: some Collection<Int32>, to question: Maze) {
        precondition(
            tokens.count == question.cells.count,
            "\(tokens.count) tokens for \(question.cells.count) cells")
        var strange = 0
        let cells = tokens.map { token -> Maze.Cell in
            if let byte = UInt8(exactly: token), let cell = Maze.Cell(rawValue: byte) {
                return cell
            }
            strange += 1
            return .open
        }
        self.question = question
        maze = Maze(size: question.size, cells: cells)
        strangeTokens = strange
        changedCells = cells.indices.filter { index in
            let (asked, found) = (question[index], cells[index])
            return found != asked && !(asked == .open && found == .path)
        }
    }

    /// An answer that is a maze already.
    public init(_ maze: Maze, to question: Maze) {
        self.init(tokens: maze.tokens.map(Int32.init), to: question)
    }

    /// Whether the answer is a shortest way, and if not, why.
    public var verdict: Verdict {
        if strangeTokens > 0 { return .noCells(strangeTokens) }
        if !changedCells.isEmpty { return .changedCells(changedCells.count) }
        guard let start = try? question.onlyCell(.start), let goal = try? question.onlyCell(.goal)
        else { return .notConnected }
        var solver = MazeSolver(size: question.size)
        solver.explore(from: start) { maze[$0] == .path || maze[$0] == .goal }
        guard solver.distances[goal] >= 0 else { return .notConnected }
        solver.explore(from: start) { question[$0] != .wall }
        let shortest = Int(solver.distances[goal]) + 1
        let drawn = maze.cells.count { $0 == .path } + 2
        return drawn == shortest ? .valid : .tooLong(cells: drawn, shortest: shortest)
    }
}

extension MazeAnswer.Verdict: CustomStringConvertible {
    /// A few words: "valid", or "not valid" and why.
    public var description: String {
        switch self {
        case .valid: "valid"
        case .noCells(let count): "not valid: \(count.counted("cell")) left empty"
        case .changedCells(let count): "not valid: \(count.counted("cell")) of the maze changed"
        case .notConnected: "not valid: the way does not lead from S to G"
        case .tooLong(let count, let shortest):
            "not valid: \(count.counted("cell")) are drawn, the shortest way has \(shortest)"
        }
    }
}

import HRMFiles

/// A model's answer to a maze, with its verdict.
public struct MazeAnswer: Sendable, Hashable {
    /// The correctness of an answer; of several problems, the first in the order of the cases.
    public enum Verdict: Sendable, Hashable {
        /// A shortest path from start to goal is drawn, and nothing else was changed.
        case valid
        /// The number of cells with tokens that are not maze cells.
        case noCells(Int)
        /// The number of cells where walls, start or goal were overwritten or added.
        case changedCells(Int)
        /// The drawn path does not connect start and goal.
        case notConnected
        /// The drawn path connects them, but has more cells than a shortest one.
        case tooLong(cells: Int, shortest: Int)
    }

    /// The maze.
    package let question: Maze
    /// The answer; a cell is open if the model's token is not a maze cell.
    package let maze: Maze
    /// The cells that differ from the question, other than open ones that became part of the path.
    package let changedCells: [Int]
    private let strangeTokens: Int

    /// Creates an answer from a model's tokens.
    ///
    /// - Parameters:
    ///   - tokens: One token per cell.
    ///   - question: The maze.
    /// - Precondition: There are as many tokens as cells.
    package init(tokens: some Collection<Int32>, to question: Maze) {
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

    /// Creates an answer from a maze.
    package init(_ maze: Maze, to question: Maze) {
        self.init(tokens: maze.tokens.map(Int32.init), to: question)
    }

    /// The verdict on the answer.
    package var verdict: Verdict {
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
    /// A short text: "valid", or "not valid" with the reason.
    public var description: String {
        switch self {
        case .valid: "valid"
        case .noCells(let count): "not valid: \(count.counted("cell")) left empty"
        case .changedCells(let count): "not valid: \(count.counted("cell")) of the maze changed"
        case .notConnected: "not valid: the way does not lead from S to G"
        case .tooLong(let count, let shortest):
            "not valid: \(count.counted("cell")) are drawn, the shortest path has \(shortest)"
        }
    }
}

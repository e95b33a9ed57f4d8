/// A maze with its solution.
public struct MazePuzzle: Sendable, Hashable {
    /// The origin of the maze, for information.
    public var source: String
    /// The maze without the path.
    public var question: Maze
    /// The maze with a shortest path.
    public var answer: Maze
    /// The number of cells of a shortest path, including start and goal.
    public var pathLength: Int

    /// Creates a puzzle from its parts.
    ///
    /// - Throws: ``MazeError`` if the question has no start, no goal or no path, or the answer does
    ///   not draw a shortest path into it.
    public init(source: String = "", question: Maze, answer: Maze) throws(MazeError) {
        try question.checkQuestion()
        guard question.size == answer.size else {
            throw .differentSizes(question: question.size, answer: answer.size)
        }
        let judged = MazeAnswer(answer, to: question)
        if let cell = judged.changedCells.first {
            throw .contradiction(
                cell: cell, size: question.size, question: question[cell], answer: answer[cell])
        }
        pathLength = try question.solved().length
        let verdict = judged.verdict
        guard verdict == .valid else { throw .notShortest(verdict) }
        self.source = source
        self.question = question
        self.answer = answer
    }

    /// Creates a puzzle whose answer is the path found by ``Maze/solved()``.
    ///
    /// - Throws: ``MazeError`` if the question has no start, no goal or no path.
    public init(source: String = "", question: Maze) throws(MazeError) {
        try question.checkQuestion()
        let solution = try question.solved()
        self.source = source
        self.question = question
        answer = solution.maze
        pathLength = solution.length
    }

    /// Creates a puzzle without checks.
    init(unchecked question: Maze, answer: Maze, source: String, pathLength: Int) {
        self.source = source
        self.question = question
        self.answer = answer
        self.pathLength = pathLength
    }

    /// Returns the puzzle with question and answer rotated or flipped.
    package func transformed(by transform: DihedralTransform) -> MazePuzzle {
        var result = self
        result.question = question.transformed(by: transform)
        result.answer = answer.transformed(by: transform)
        return result
    }
}

extension Maze {
    /// A hash (FNV-1a) that is equal for equal mazes and the same in every run.
    var fingerprint: UInt64 {
        cells.reduce(0xCBF2_9CE4_8422_2325) {
            ($0 ^ UInt64($1.rawValue)) &* 0x0000_0100_0000_01B3
        }
    }
}

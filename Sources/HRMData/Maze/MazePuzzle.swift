/// A maze to be solved, together with its answer.
public struct MazePuzzle: Sendable, Hashable {
    /// Where the maze is from; a note to the reader.
    public var source: String
    /// The maze without the way.
    public var question: Maze
    /// The maze with a shortest way.
    public var answer: Maze
    /// Cells of a shortest way, start and goal included.
    public var pathLength: Int

    /// A puzzle from its parts.
    ///
    /// - Throws: ``MazeError`` when the question has no start, no goal or no way, or the answer does
    ///   not draw a shortest way into it.
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

    /// A puzzle whose answer is the way that ``Maze/solved()`` finds.
    ///
    /// - Throws: ``MazeError`` when the question has no start, no goal or no way.
    public init(source: String = "", question: Maze) throws(MazeError) {
        try question.checkQuestion()
        let solution = try question.solved()
        self.source = source
        self.question = question
        answer = solution.maze
        pathLength = solution.length
    }

    /// A puzzle that is taken as it is.
    init(unchecked question: Maze, answer: Maze, source: String, pathLength: Int) {
        self.source = source
        self.question = question
        self.answer = answer
        self.pathLength = pathLength
    }

    /// Question and answer turned or flipped.
    public func transformed(by transform: DihedralTransform) -> MazePuzzle {
        var result = self
        result.question = question.transformed(by: transform)
        result.answer = answer.transformed(by: transform)
        return result
    }
}

extension Maze {
    /// A number that equal mazes share, and that different mazes share hardly ever; the same in
    /// every run (FNV-1a).
    var fingerprint: UInt64 {
        cells.reduce(0xCBF2_9CE4_8422_2325) {
            ($0 ^ UInt64($1.rawValue)) &* 0x0000_0100_0000_01B3
        }
    }
}

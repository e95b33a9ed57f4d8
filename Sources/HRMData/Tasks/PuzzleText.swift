import HRMFiles

/// A puzzle parsed from text: the model's input, and the text of its answers.
///
/// | puzzle | text |
/// |---|---|
/// | Sudoku | a digit per cell, row by row; `.` or `0` for blank cells; all in one line, or drawn (``SudokuText``) |
/// | maze | `#` for walls, a space or `.` for open cells, `S`, `G`; one line per row, or `/` between rows, or all in one line; one start, one goal, and a path between them |
/// | grid | rows separated by `/` or line feeds, or JSON |
public struct PuzzleText: Sendable, Hashable {
    /// An answer as text, with its verdict.
    public struct Answer: Sendable, Hashable {
        /// The answer in one line; empty if it is not a grid.
        public var text: String
        /// A short verdict on correctness; `nil` if it cannot be decided.
        public var verdict: String?
        /// True if the answer is correct; `nil` if it cannot be decided.
        public var isValid: Bool?
    }

    private enum Content: Sendable, Hashable {
        case sudoku(SudokuBoard)
        case maze(Maze)
        case grid(GridTask, GridQuestion)
    }

    private let content: Content
    /// The task that the puzzle belongs to.
    public let task: PuzzleTask
    /// The input tokens, `[S]`.
    public let tokens: [Int32]
    /// The row of the puzzle embedding.
    public let identifier: Int32

    /// Parses a puzzle.
    ///
    /// - Parameters:
    ///   - text: The puzzle.
    ///   - task: The expected task.
    /// - Throws: ``SudokuError``, ``MazeError`` or ``GridQuestionError`` with the problem and its
    ///   place; also if the puzzle is well-formed but has no solution.
    public init(parsing text: String, task: PuzzleTask) throws {
        let text = TextDecoder.plain(text)
        self.task = task
        switch task {
        case .sudoku(let geometry):
            let board = try SudokuQuestion(parsing: text, geometry: geometry).board
            content = .sudoku(board)
            tokens = board.tokens.map(Int32.init)
            identifier = 0
        case .maze(let size):
            let maze = try Maze(question: text, size: size)
            content = .maze(maze)
            tokens = maze.tokens.map(Int32.init)
            identifier = 0
        case .grid(let task):
            let (question, row) = try task.question(parsing: text)
            content = .grid(task, question)
            tokens = task.canvas.tokens(of: question.input).map(Int32.init)
            identifier = row
        }
    }

    /// Converts a model's answer to text.
    ///
    /// - Parameter tokens: One token per cell, `[S]`.
    /// - Returns: The answer.
    /// - Precondition: There are as many as ``tokens``.
    public func answer(_ tokens: [Int32]) -> Answer {
        precondition(
            tokens.count == self.tokens.count, "\(tokens.count) tokens for \(self.tokens.count)")
        switch content {
        case .sudoku(let board):
            let answer = SudokuAnswer(tokens: tokens, to: board)
            let verdict = answer.verdict
            return Answer(
                text: answer.board.description, verdict: verdict.description,
                isValid: verdict == .valid)
        case .maze(let maze):
            let answer = MazeAnswer(tokens: tokens, to: maze)
            let verdict = answer.verdict
            return Answer(
                text: answer.maze.description, verdict: verdict.description,
                isValid: verdict == .valid)
        case .grid(let task, let question):
            let grid = task.grid(in: tokens)
            let isRight = question.output.map { $0 == grid }
            return Answer(
                text: grid.cells.isEmpty ? "" : task.alphabet.line(grid),
                verdict: isRight.map { $0 ? "right" : "wrong" }, isValid: isRight)
        }
    }

    /// Returns the cells of an answer that are certainly wrong: overwritten givens, and digits in
    /// conflict; in a custom puzzle, cells that differ from the known answer.
    ///
    /// - Parameter tokens: One token per cell, `[S]`.
    /// - Returns: Indices of the tokens.
    package func wrongCells(_ tokens: [Int32]) -> Set<Int> {
        switch content {
        case .sudoku(let board):
            let answer = SudokuAnswer(tokens: tokens, to: board)
            return Set(answer.changedGivens + answer.conflictingCells)
        case .maze(let maze): return Set(MazeAnswer(tokens: tokens, to: maze).changedCells)
        case .grid(let task, let question):
            guard let output = question.output else { return [] }
            let right = task.canvas.tokens(of: output)
            return Set(tokens.indices.filter { tokens[$0] != Int32(right[$0]) })
        }
    }
}

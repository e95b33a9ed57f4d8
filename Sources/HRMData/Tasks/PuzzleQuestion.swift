import HRMFiles

/// A puzzle that was checked: the model's input, and the meaning of its answers.
///
/// | puzzle | text |
/// |---|---|
/// | Sudoku | a digit per cell, row by row; `.` or `0` for blank cells; all in one line, or drawn (`SudokuText`) |
/// | maze | `#` for walls, a space or `.` for open cells, `S`, `G`; one line per row, or `/` between rows, or all in one line; one start, one goal, and a path between them |
/// | grid | rows separated by `/` or line feeds, or JSON |
public struct PuzzleQuestion: Sendable, Hashable {
    enum Content: Sendable, Hashable {
        case sudoku(SudokuQuestion)
        case maze(Maze)
        /// A grid, and the correct answer if it is known.
        case grid(PuzzleGrid, GridTask, answer: PuzzleGrid?)
    }

    let content: Content
    /// The input tokens, `[S]`.
    public let tokens: [Int32]
    /// The row of the puzzle embedding.
    public let identifier: Int32

    init(_ content: Content, identifier: Int32 = 0) {
        self.content = content
        self.identifier = identifier
        let tokens =
            switch content {
            case .sudoku(let question): question.board.tokens
            case .maze(let maze): maze.tokens
            case .grid(let grid, let task, _): task.canvas.tokens(of: grid)
            }
        self.tokens = tokens.map(Int32.init)
    }

    /// Parses a puzzle.
    ///
    /// - Parameters:
    ///   - text: The puzzle.
    ///   - task: The expected task.
    /// - Throws: ``SudokuError``, ``MazeError`` or ``GridQuestionError`` with the problem and its
    ///   place; also if the givens of a Sudoku contradict each other, or a maze has no path.
    public init(parsing text: String, task: PuzzleTask) throws {
        let text = TextDecoder.plain(text)
        switch task {
        case .sudoku(let geometry):
            self.init(.sudoku(try SudokuQuestion(parsing: text, geometry: geometry)))
        case .maze(let size):
            self.init(.maze(try Maze(question: text, size: size)))
        case .grid(let task):
            let (question, identifier) = try task.question(parsing: text)
            self.init(
                .grid(question.input, task, answer: question.output), identifier: identifier)
        }
    }

    /// Creates a puzzle from its tokens.
    ///
    /// - Parameters:
    ///   - tokens: One token per cell, `[S]`, as in a data set without identifiers.
    ///   - task: The task.
    /// - Throws: ``SudokuError`` or ``MazeError`` if the tokens are not a question.
    /// - Precondition: Of a custom puzzle there are as many tokens as cells of the canvas.
    public init(tokens: [Int32], task: PuzzleTask) throws {
        switch task {
        case .sudoku(let geometry):
            let board = try SudokuBoard(tokens: tokens, geometry: geometry)
            self.init(.sudoku(SudokuQuestion(board)))
        case .maze(let size):
            let maze = try Maze(tokens: tokens, size: size)
            try maze.checkQuestion()
            self.init(.maze(maze))
        case .grid(let task):
            self.init(.grid(task.grid(in: tokens), task, answer: nil))
        }
    }

    /// The task that the puzzle belongs to.
    public var task: PuzzleTask {
        switch content {
        case .sudoku(let question): .sudoku(question.board.geometry)
        case .maze(let maze): .maze(size: maze.size)
        case .grid(_, let task, _): .grid(task)
        }
    }

    /// The cells.
    public var board: PuzzleBoard {
        switch content {
        case .sudoku(let question): PuzzleBoard(.sudoku(question.board))
        case .maze(let maze): PuzzleBoard(.maze(maze))
        case .grid(let grid, let task, _): PuzzleBoard(.grid(grid, task))
        }
    }

    /// The puzzle in one line.
    public var text: String { board.description }

    /// Interprets a model's answer.
    ///
    /// - Parameter tokens: One token per cell, `[S]`.
    /// - Returns: The answer.
    /// - Precondition: There are as many as ``tokens``.
    public func answer(_ tokens: [Int32]) -> PuzzleAnswer {
        PuzzleAnswer(tokens, to: self)
    }
}

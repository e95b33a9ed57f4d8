/// A model's answer to a puzzle: its cells, its text and the verdict on it.
public struct PuzzleAnswer: Sendable, Hashable {
    private enum Content: Sendable, Hashable {
        case sudoku(SudokuAnswer, SudokuQuestion)
        case maze(MazeAnswer)
        /// A grid, and the correct one if it is known.
        case grid(PuzzleGrid, GridTask, right: PuzzleGrid?)
    }

    private let content: Content
    /// The puzzle.
    public let question: PuzzleQuestion
    /// The model's tokens, `[S]`.
    public let tokens: [Int32]

    init(_ tokens: [Int32], to question: PuzzleQuestion) {
        precondition(
            tokens.count == question.tokens.count,
            "\(tokens.count) tokens for \(question.tokens.count)")
        self.question = question
        self.tokens = tokens
        content =
            switch question.content {
            case .sudoku(let puzzle):
                .sudoku(SudokuAnswer(tokens: tokens, to: puzzle.board), puzzle)
            case .maze(let maze): .maze(MazeAnswer(tokens: tokens, to: maze))
            case .grid(_, let task, let right):
                .grid(task.grid(in: tokens), task, right: right)
            }
    }

    /// The cells; tokens without a meaning in the task are open cells.
    public var board: PuzzleBoard {
        switch content {
        case .sudoku(let answer, _): PuzzleBoard(.sudoku(answer.board))
        case .maze(let answer): PuzzleBoard(.maze(answer.maze))
        case .grid(let grid, let task, _): PuzzleBoard(.grid(grid, task))
        }
    }

    /// The answer in one line; empty if it is not a grid.
    public var text: String { board.description }

    /// A short verdict on correctness; `nil` if it cannot be decided.
    ///
    /// That on a Sudoku has a remark if the puzzle has not exactly one solution, which a bounded search
    /// finds out (``SudokuSolver/usualEffort``).
    public var verdict: String? {
        switch content {
        case .sudoku(let answer, let question): question.verdict(on: answer)
        case .maze(let answer): answer.verdict.description
        case .grid: isValid.map { $0 ? "right" : "wrong" }
        }
    }

    /// True if the answer is correct; `nil` if it cannot be decided.
    public var isValid: Bool? {
        switch content {
        case .sudoku(let answer, _): answer.verdict == .valid
        case .maze(let answer): answer.verdict == .valid
        case .grid(let grid, _, let right): right.map { $0 == grid }
        }
    }

    /// The cells of ``board`` that are certainly wrong: overwritten givens, and digits in conflict;
    /// changed cells of a maze; in a custom puzzle, cells that differ from the known answer.
    public var wrongCells: Set<Int> {
        switch content {
        case .sudoku(let answer, _): Set(answer.changedGivens + answer.conflictingCells)
        case .maze(let answer): Set(answer.changedCells)
        case .grid(let grid, _, let right): right.map { grid.cells(differingFrom: $0) } ?? []
        }
    }
}

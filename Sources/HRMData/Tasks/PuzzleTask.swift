/// The task of a data set or a model: its kind of puzzle and the meaning of its tokens.
public enum PuzzleTask: Sendable, Hashable {
    /// Sudokus of one geometry.
    case sudoku(SudokuGeometry)
    /// Mazes of one size.
    case maze(size: MazeSize)
    /// A custom grid puzzle.
    case grid(GridTask)

    /// Derives the task from vocabulary and sequence length: 4×4, 6×6 and 9×9 Sudoku, and mazes, as
    /// in the reference's folders.
    ///
    /// - Parameters:
    ///   - vocabularySize: `V`.
    ///   - sequenceLength: `S`.
    public init?(vocabularySize: Int, sequenceLength: Int) {
        if let geometry = try? SudokuGeometry(cellCount: sequenceLength), geometry != .eight,
            SudokuBoard.vocabularySize(of: geometry) == vocabularySize
        {
            self = .sudoku(geometry)
        } else if vocabularySize == Maze.vocabularySize,
            let size = try? Maze.size(ofCells: sequenceLength)
        {
            self = .maze(size: size)
        } else {
            return nil
        }
    }

    /// `V`, the largest token plus one.
    public var vocabularySize: Int {
        switch self {
        case .sudoku(let geometry): SudokuBoard.vocabularySize(of: geometry)
        case .maze: Maze.vocabularySize
        case .grid(let task): task.vocabularySize
        }
    }

    /// `S`, the number of tokens in an example.
    public var sequenceLength: Int {
        switch self {
        case .sudoku(let geometry): geometry.cellCount
        case .maze(let size): size.cellCount
        case .grid(let task): task.canvas.sequenceLength
        }
    }

    /// The rows and columns in which the tokens of an example are arranged.
    public var board: (rows: Int, columns: Int) {
        switch self {
        case .sudoku(let geometry): (geometry.size, geometry.size)
        case .maze(let size): (size.rows, size.columns)
        case .grid(let task): (task.canvas.rows, task.canvas.columns)
        }
    }

    /// A function that checks an answer against the puzzle's rules, without the label; `nil` if the
    /// rules are unknown.
    public var checker: (@Sendable (_ question: [Int32], _ answer: [Int32]) -> Bool)? {
        switch self {
        case .sudoku(let geometry):
            return { question, answer in
                guard let board = try? SudokuBoard(tokens: question, geometry: geometry) else {
                    return false
                }
                return SudokuAnswer(tokens: answer, to: board).verdict == .valid
            }
        case .maze:
            guard let scorer else { return nil }
            return { question, answer in scorer.accepts(answer, to: question[...]) }
        case .grid: return nil
        }
    }

    /// An acceptance test beside exact accuracy, for puzzles with several correct answers.
    package var scorer: AnswerScorer? {
        switch self {
        case .sudoku, .grid: nil
        case .maze(let size):
            AnswerScorer(name: "valid_path") { input, answer in
                guard let question = try? Maze(tokens: input, size: size) else { return false }
                return MazeAnswer(tokens: answer, to: question).verdict == .valid
            }
        }
    }
}

/// Decides if an answer is acceptable, even if it differs from the label.
public struct AnswerScorer: Sendable {
    /// The metric's name for the share of acceptable answers.
    public let name: String
    private let accepts: @Sendable (ArraySlice<Int32>, [Int32]) -> Bool

    /// Creates an acceptance test.
    ///
    /// - Parameters:
    ///   - name: The metric's name for the share of acceptable answers.
    ///   - accepts: Decides from the question's tokens and the answer's tokens, both `[S]`.
    public init(
        name: String, accepts: @escaping @Sendable (ArraySlice<Int32>, [Int32]) -> Bool
    ) {
        self.name = name
        self.accepts = accepts
    }

    /// Returns true if an answer is acceptable.
    ///
    /// - Parameters:
    ///   - answer: The answer's tokens, `[S]`.
    ///   - question: The question's tokens, `[S]`.
    /// - Returns: True if the answer is acceptable.
    public func accepts(_ answer: [Int32], to question: ArraySlice<Int32>) -> Bool {
        accepts(question, answer)
    }
}

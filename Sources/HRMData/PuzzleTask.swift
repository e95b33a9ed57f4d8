/// Which puzzle a data set or a model is for: what its tokens mean.
public enum PuzzleTask: Sendable, Hashable {
    /// Sudoku of a size.
    case sudoku(SudokuGeometry)
    /// Mazes of a size.
    case maze(size: MazeSize)
    /// Somebody's own puzzle.
    case grid(GridTask)

    /// What tokens of a vocabulary and a length mean where nothing else says it: 4×4, 6×6 and 9×9
    /// Sudoku and mazes, as the reference's folders hold them.
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

    /// `S`, tokens in an example.
    public var sequenceLength: Int {
        switch self {
        case .sudoku(let geometry): geometry.cellCount
        case .maze(let size): size.cellCount
        case .grid(let task): task.canvas.sequenceLength
        }
    }

    /// Tells from a question and an answer alone whether the answer is right, for puzzles whose rules
    /// are known; nil for others.
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
            guard let judge else { return nil }
            return { question, answer in judge.accepts(answer, to: question[...]) }
        case .grid: return nil
        }
    }

    /// A measure of answers beside "every cell is right", for puzzles with several right answers.
    public var judge: AnswerJudge? {
        switch self {
        case .sudoku, .grid: nil
        case .maze(let size):
            AnswerJudge(name: "valid_path") { input, answer in
                guard let question = try? Maze(tokens: input, size: size) else { return false }
                return MazeAnswer(tokens: answer, to: question).verdict == .valid
            }
        }
    }
}

/// Tells whether an answer is acceptable, even if it is not the one that the data set has.
public struct AnswerJudge: Sendable {
    /// The name of the share of acceptable answers among an evaluation's metrics.
    public let name: String
    private let accepts: @Sendable (ArraySlice<Int32>, [Int32]) -> Bool

    /// A judge.
    ///
    /// - Parameters:
    ///   - name: What the share of acceptable answers is called.
    ///   - accepts: Decides from the question's tokens and the answer's.
    public init(
        name: String, accepts: @escaping @Sendable (ArraySlice<Int32>, [Int32]) -> Bool
    ) {
        self.name = name
        self.accepts = accepts
    }

    /// Whether an answer is acceptable.
    ///
    /// - Parameters:
    ///   - answer: Tokens, `[S]`.
    ///   - question: Tokens, `[S]`.
    /// - Returns: Whether it is.
    public func accepts(_ answer: [Int32], to question: ArraySlice<Int32>) -> Bool {
        accepts(question, answer)
    }
}

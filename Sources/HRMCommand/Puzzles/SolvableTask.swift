import HRMData
import HRMFigures
import HRMTraining

/// The puzzle-specific part of `hrm solve`: parsing questions, and displaying and checking answers.
protocol SolvableTask: Sendable {
    /// Returns the next question's text, with the number of its first line; `nil` at the end.
    func nextText(from lines: inout PuzzleLines) throws -> PuzzleLines.Line?

    /// Returns a question parsed from text.
    ///
    /// - Throws: An error whose description states the problem of the text.
    func question(_ text: String) throws -> PuzzleQuestion

    /// Returns a question from its tokens, `[S]`, as in a data set.
    ///
    /// - Throws: An error if the tokens are not a question.
    func question(tokens: [Int32]) throws -> PuzzleQuestion

    /// True if a board is easier to read than one line with all cells.
    var isPictorial: Bool { get }

    /// Returns true if an argument can only be meant as a question.
    func looksLikeQuestion(_ text: String) -> Bool
}

extension SolvableTask {
    func nextText(from lines: inout PuzzleLines) throws -> PuzzleLines.Line? { try lines.next() }
}

/// A question as model input, with the interpretation of its answers.
struct PuzzleQuestion {
    /// The input tokens, `[S]`.
    let tokens: [Int32]
    /// The row of the puzzle embedding.
    var identifier: Int32 = 0
    /// The question for display.
    let picture: PuzzlePicture
    /// Interprets a model's answer tokens, `[S]`.
    let answer: ([Int32]) -> PuzzleVerdict
}

/// A question or an answer in all forms of display.
struct PuzzlePicture {
    /// All cells in one line.
    var text: String
    /// The cells as a text board with rows, columns and boxes.
    var board: TerminalBoard
    /// The cells in their colours.
    var drawing: GridPicture
}

/// An answer with its verdict.
struct PuzzleVerdict {
    /// The answer, with wrong cells marked.
    var picture: PuzzlePicture
    /// A short verdict on correctness; `nil` if it cannot be decided.
    var words: String?
    /// True if the answer is correct; `nil` if it cannot be decided.
    var isValid: Bool?
}

extension PuzzleTask {
    /// The parsing and display of the task's puzzles.
    var solvable: any SolvableTask {
        switch self {
        case .sudoku(let geometry): SolvableSudoku(geometry: geometry)
        case .maze(let size): SolvableMaze(size: size)
        case .grid(let task): SolvableGrid(task: task)
        }
    }
}

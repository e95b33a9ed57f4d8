import HRMData
import HRMFigures
import HRMTraining

/// What `hrm solve` must know about a puzzle: how questions are written, and how answers are shown
/// and judged.
protocol SolvableTask: Sendable {
    /// The next question's text among lines, with the number of its first line; nil at the end.
    func nextText(from lines: inout PuzzleLines) throws -> PuzzleLines.Line?

    /// A question from its text.
    ///
    /// - Throws: An error whose description says what is wrong with the text.
    func question(_ text: String) throws -> PuzzleQuestion

    /// A question from its tokens, `[S]`, as a data set holds them.
    ///
    /// - Throws: An error when the tokens are no question.
    func question(tokens: [Int32]) throws -> PuzzleQuestion

    /// Whether a picture says more than a line with all cells.
    var isPictorial: Bool { get }

    /// Whether somebody who wrote this as an argument can only have meant a question.
    func looksLikeQuestion(_ text: String) -> Bool
}

extension SolvableTask {
    func nextText(from lines: inout PuzzleLines) throws -> PuzzleLines.Line? { try lines.next() }
}

/// A question in the model's terms, and how its answers are to be read.
struct PuzzleQuestion {
    /// What is asked, `[S]`.
    let tokens: [Int32]
    /// The row of the puzzle embedding.
    var identifier: Int32 = 0
    /// The question as it is shown.
    let picture: PuzzlePicture
    /// Reads a model's tokens, `[S]`.
    let answer: ([Int32]) -> PuzzleVerdict
}

/// A question or an answer, ready to be shown.
struct PuzzlePicture {
    /// All cells in one line.
    var text: String
    /// The cells with rows, columns and boxes.
    var board: TerminalBoard
    /// The cells in their colours.
    var drawing: GridPicture
}

/// An answer, and what is to be said about it.
struct PuzzleVerdict {
    /// The answer, with its wrong cells marked.
    var picture: PuzzlePicture
    /// A few words about whether it is right; nil where nobody can tell.
    var words: String?
    /// Whether it is right; nil where nobody can tell.
    var isValid: Bool?
}

extension PuzzleTask {
    /// How the task's puzzles are read and shown.
    var solvable: any SolvableTask {
        switch self {
        case .sudoku(let geometry): SolvableSudoku(geometry: geometry)
        case .maze(let size): SolvableMaze(size: size)
        case .grid(let task): SolvableGrid(task: task)
        }
    }
}

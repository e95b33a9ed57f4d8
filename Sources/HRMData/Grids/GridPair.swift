import HRMFiles

/// A question and its answer in a custom grid puzzle.
public struct GridPair: Sendable, Hashable {
    /// The question.
    public var input: PuzzleGrid
    /// The correct answer.
    public var output: PuzzleGrid
    /// The name of the puzzle that this is an example of; `nil` if there is only one puzzle.
    public var task: String?

    /// Creates a pair.
    public init(input: PuzzleGrid, output: PuzzleGrid, task: String? = nil) {
        self.input = input
        self.output = output
        self.task = task
    }
}

/// A question parsed from text: a grid, or a JSON object with a grid and optional members.
package struct GridQuestion: Sendable, Hashable {
    /// The question's grid.
    package var input: PuzzleGrid
    /// The correct answer, if known.
    package var output: PuzzleGrid?
    /// The name of the puzzle that this is an example of.
    package var task: String?

    /// Parses a question in any of the forms that data sets are built from.
    ///
    /// - Parameters:
    ///   - text: Rows separated by `/` or line feeds; or JSON, either an array of rows or an object
    ///     with `input` and optional `output` and `task`.
    ///   - alphabet: The symbols.
    /// - Throws: ``GridQuestionError``.
    package init(parsing text: String, alphabet: GridAlphabet) throws(GridQuestionError) {
        let notation = GridNotation(alphabet: alphabet)
        switch text.first(where: { !$0.isWhitespace }) {
        case "{":
            let members = try GridJSON.members(of: text)
            input = try members.input.grid(notation, member: "input")
            output = try members.output.map { (grid) throws(GridQuestionError) in
                try grid.grid(notation, member: "output")
            }
            task = members.task
        case "[":
            input = try GridJSON.grid(text).grid(notation, member: "input")
        default:
            do {
                input = try notation.grid(text)
            } catch {
                throw .grid(member: "input", error)
            }
        }
    }
}

/// An error in the text of a grid question.
public enum GridQuestionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text is not the expected JSON.
    case json(reason: String)
    /// A member is not UTF-8 text.
    case encoding(member: String)
    /// A member, or the text itself, is not a grid.
    case grid(member: String, GridError)
    /// The grid does not fit on the canvas.
    case unplaceable(GridError)
    /// No puzzle has this name.
    case unknownTask(String)
    /// The name of the puzzle is missing, but there are several puzzles.
    case taskMissing(example: String)

    /// A clause that states the problem, the place and the remedy.
    public var description: String {
        switch self {
        case .json(let reason): "it is no JSON object with 'input' and 'output': \(reason)"
        case .encoding(let member): "the \(member) is not UTF-8 text; save the file in UTF-8"
        case .grid(let member, let error): "in the \(member), \(error)"
        case .unplaceable(let error): error.description
        case .unknownTask(let name): "the model was not trained on a task \(name.quoted)"
        case .taskMissing(let example):
            "the model knows several tasks; name one as in "
                + #"{"input": …, "task": "\#(example.printable)"}"#
        }
    }
}

import HRMFiles

/// A question and its answer in somebody's own puzzle.
public struct GridPair: Sendable, Hashable {
    /// What is asked.
    public var input: PuzzleGrid
    /// What is right.
    public var output: PuzzleGrid
    /// Which of several puzzles this is an example of; nil where there is one only.
    public var task: String?

    /// A pair.
    public init(input: PuzzleGrid, output: PuzzleGrid, task: String? = nil) {
        self.input = input
        self.output = output
        self.task = task
    }
}

/// A question as somebody writes it: a grid, or a JSON object with a grid and perhaps more.
public struct GridQuestion: Sendable, Hashable {
    /// What is asked.
    public var input: PuzzleGrid
    /// What is right, where that is known.
    public var output: PuzzleGrid?
    /// Which of several puzzles this is an example of.
    public var task: String?

    /// Reads a question in any of the forms that data sets are made from.
    ///
    /// - Parameters:
    ///   - text: Rows separated by `/` or line feeds; or JSON, either an array of rows or an object
    ///     with `input` and, if wanted, `output` and `task`.
    ///   - alphabet: The symbols.
    /// - Throws: ``GridQuestionError``.
    public init(parsing text: String, alphabet: GridAlphabet) throws(GridQuestionError) {
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

/// Why a text is not a question of grids.
public enum GridQuestionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text is not the JSON that it should be.
    case json(reason: String)
    /// A member is not text in UTF-8.
    case encoding(member: String)
    /// A member, or the text itself, is not a grid.
    case grid(member: String, GridError)
    /// The grid has no place on the canvas.
    case unplaceable(GridError)
    /// A name that none of the puzzles has.
    case unknownTask(String)
    /// No name, where there are several puzzles.
    case taskMissing(example: String)

    /// A clause: what is wrong, where, and how to mend it.
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

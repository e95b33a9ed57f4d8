/// Why a file of Sudokus cannot be used.
public struct SudokuCSVError: Error, Equatable, Sendable {
    /// The file.
    public var path: String
    /// The line, counting from 1; `nil` when it is about the whole file.
    public var line: Int?
    /// What is wrong.
    public var problem: Problem

    /// What can be wrong with a file of Sudokus.
    public enum Problem: Equatable, Sendable {
        /// The file cannot be opened, or reading stopped half-way.
        case unreadable(reason: String)
        /// The file has no puzzle.
        case empty
        /// A first line with names of columns, but without this one.
        case missingColumn(String)
        /// A line with too few or too many fields.
        case fieldCount(found: Int, expected: Int)
        /// A line that is too long to be a puzzle.
        case lineTooLong(limit: Int)
        /// A quoted field that does not end.
        case openQuote
        /// Something other than a comma after a quoted field.
        case textAfterQuote
        /// A field that is not a board.
        case board(column: String, SudokuError)
        /// An answer with blanks.
        case unfinishedAnswer(blanks: Int)
        /// An answer with a digit twice in a row, column or box.
        case invalidAnswer
        /// An answer that has another digit than the question gives.
        case contradiction(cell: Int, question: UInt8, answer: UInt8)
    }

    /// An error in a file.
    public init(path: String, line: Int?, problem: Problem) {
        self.path = path
        self.line = line
        self.problem = problem
    }
}

extension SudokuCSVError: CustomStringConvertible {
    /// One sentence: which file and line, what is wrong, and how to mend it.
    public var description: String {
        let place = line.map { "\(path), line \($0): " } ?? "\(path): "
        return place + explanation
    }

    private var explanation: String {
        switch problem {
        case .unreadable(let reason):
            "it cannot be read: \(reason)"
        case .empty:
            "it has no puzzle; write one a line as source,question,answer,rating"
        case .missingColumn(let name):
            "the first line names columns, but none is '\(name)'; write "
                + "source,question,answer,rating"
        case .fieldCount(let found, let expected):
            "it has \(found) fields instead of \(expected); write source,question,answer,rating"
        case .lineTooLong(let limit):
            "it is longer than \(limit) bytes; is this a file of puzzles, one a line?"
        case .openQuote:
            "a field begins with a quotation mark and does not end; add the closing one"
        case .textAfterQuote:
            "there is text after a quoted field; put a comma between, or double the quotation mark"
        case .board(let column, let error):
            "in the \(column), \(error)"
        case .unfinishedAnswer(let blanks):
            "the answer has \(blanks) blank cells; fill in the whole solution"
        case .invalidAnswer:
            "the answer has a digit twice in a row, column or box; correct it or remove the line"
        case .contradiction(let cell, let question, let answer):
            "the question has \(question) at character \(cell + 1), the answer has \(answer); "
                + "correct one of them or remove the line"
        }
    }
}

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
        /// The file cannot be read, or is no table of puzzles.
        case table(TableProblem)
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
        case .table(let problem):
            problem.explanation(columns: "source,question,answer,rating")
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

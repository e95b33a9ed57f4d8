/// What can be wrong with files of one kind of puzzle.
public protocol PuzzleFileProblem: Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be read, or is no table of puzzles.
    static func table(_ problem: TableProblem) -> Self
}

/// Why a file of puzzles cannot be used.
public struct PuzzleFileError<Fault: PuzzleFileProblem>: Error, Equatable, Sendable {
    /// What can be wrong with such a file.
    public typealias Problem = Fault

    /// The file.
    public var path: String
    /// The line, counting from 1; `nil` when it is about the whole file.
    public var line: Int?
    /// What is wrong.
    public var problem: Fault

    /// An error in a file.
    public init(path: String, line: Int?, problem: Fault) {
        self.path = path
        self.line = line
        self.problem = problem
    }
}

extension PuzzleFileError: CustomStringConvertible {
    /// One sentence: which file and line, what is wrong, and how to mend it.
    public var description: String {
        let place = line.map { "\(path), line \($0): " } ?? "\(path): "
        return place + problem.description
    }
}

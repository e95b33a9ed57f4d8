/// The problems of files of one kind of puzzle.
public protocol PuzzleFileProblem: Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be read, or is not a table of puzzles.
    static func table(_ problem: TableProblem) -> Self
}

/// An error in a file of puzzles.
public struct PuzzleFileError<Fault: PuzzleFileProblem>: Error, Equatable, Sendable {
    /// The problems of such a file.
    public typealias Problem = Fault

    /// The path of the file.
    public var path: String
    /// The line, counting from 1; `nil` if the error concerns the whole file.
    public var line: Int?
    /// The problem.
    public var problem: Fault

    /// Creates an error in a file.
    public init(path: String, line: Int?, problem: Fault) {
        self.path = path
        self.line = line
        self.problem = problem
    }
}

extension PuzzleFileError: CustomStringConvertible {
    /// A sentence with the file, the line, the problem and the remedy.
    public var description: String {
        let place = line.map { "\(path), line \($0): " } ?? "\(path): "
        return place + problem.description
    }
}

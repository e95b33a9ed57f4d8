package import Foundation

/// Reads mazes with answers from a CSV file, one at a time.
///
/// The columns are `source,question,answer,rating`, as in the published Maze-Hard. A first line
/// with these names is optional; with it, the columns may be in any order, and `source` and
/// `rating` may be missing. A maze is written as for `hrm solve`, one character per cell: in one
/// row if it is square, or with `/` or line feeds between its rows for any rectangle.
package struct MazeCSVReader {
    /// The size of the mazes, known after the first one.
    package private(set) var size: MazeSize?
    /// True if answers are checked against their questions, and refused unless their path is a
    /// shortest one.
    package let checksAnswers: Bool

    private var table: PuzzleTable<MazeFileProblem>

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - size: The expected size; by default that of the first maze.
    ///   - checksAnswers: True if an answer must be a shortest path through its question.
    /// - Throws: ``MazeCSVError`` if it cannot be opened.
    package init(
        contentsOf url: URL, size: MazeSize? = nil, checksAnswers: Bool = true
    ) throws(MazeCSVError) {
        self.size = size
        self.checksAnswers = checksAnswers
        table = try PuzzleTable(contentsOf: url, columns: TableColumn.published) { field in
            (try? Maze(parsing: String(decoding: field, as: UTF8.self))) != nil
        }
    }

    /// The path of the file.
    package var path: String { table.path }

    /// Returns the next puzzle, or `nil` at the end of the file.
    ///
    /// - Throws: ``MazeCSVError`` with the line and the problem.
    package mutating func next() throws(MazeCSVError) -> MazePuzzle? {
        guard let row = try table.next() else { return nil }
        let question = try maze(row.text(1), "question", row.line)
        let answer = try maze(row.text(2), "answer", row.line)
        do {
            guard checksAnswers else {
                return MazePuzzle(
                    unchecked: question, answer: answer, source: row.text(0),
                    pathLength: answer.cells.count { $0 == .path } + 2)
            }
            return try MazePuzzle(source: row.text(0), question: question, answer: answer)
        } catch {
            throw table.failure(row.line, .puzzle(error))
        }
    }

    private mutating func maze(
        _ text: String, _ column: String, _ line: Int
    ) throws(MazeCSVError) -> Maze {
        let maze: Maze
        do {
            // A single row determines the size only if it is a square.
            let isRow = size?.cellCount == text.count && !text.contains { "/\n".contains($0) }
            maze = try Maze(parsing: text, size: isRow ? size : nil)
        } catch {
            throw table.failure(line, .maze(column: column, error))
        }
        guard size ?? maze.size == maze.size else {
            throw table.failure(line, .mixedSizes(found: maze.size, expected: size ?? maze.size))
        }
        size = maze.size
        return maze
    }
}

/// An error in a file of mazes.
public typealias MazeCSVError = PuzzleFileError<MazeFileProblem>

/// The problems of a file of mazes.
public enum MazeFileProblem: PuzzleFileProblem {
    /// The file cannot be read, or is not a table of puzzles.
    case table(TableProblem)
    /// A field is not a maze.
    case maze(column: String, MazeError)
    /// A question is not solvable, or an answer does not match it.
    case puzzle(MazeError)
    /// A maze differs in size from the previous ones.
    case mixedSizes(found: MazeSize, expected: MazeSize)

    /// A clause that states the problem and the remedy.
    public var description: String {
        switch self {
        case .table(let problem):
            problem.explanation(
                columns: TableColumn.published,
                answers: "'hrm prepare maze --generate' makes mazes that have theirs")
        case .maze(let column, let error): "in the \(column), \(error)"
        case .puzzle(let error): error.description
        case .mixedSizes(let found, let expected):
            "it has a maze of \(found) among others of \(expected); build a "
                + "data set for each size"
        }
    }
}

public import Foundation

/// Reads mazes with answers from a CSV file, one by one.
///
/// The columns are `source,question,answer,rating`, as Maze-Hard is published; a first line with
/// these names may be there or not, and if it is, the columns may be in any order and `source` and
/// `rating` may be missing. A maze is written as `hrm solve` takes it, a character a cell: in one row
/// where it is a square, with `/` or line feeds between its rows where it is any rectangle.
public struct MazeCSVReader {
    /// The size of the mazes, known after the first one.
    public private(set) var size: MazeSize?
    /// Whether answers are compared with their questions, and refused where their way is no shortest
    /// one.
    public let checksAnswers: Bool

    private var table: PuzzleTable<MazeFileProblem>

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - size: The wanted size; by default that of the first maze.
    ///   - checksAnswers: Whether an answer must be a shortest way through its question.
    /// - Throws: ``MazeCSVError`` when it cannot be opened.
    public init(
        contentsOf url: URL, size: MazeSize? = nil, checksAnswers: Bool = true
    ) throws(MazeCSVError) {
        self.size = size
        self.checksAnswers = checksAnswers
        table = try PuzzleTable(contentsOf: url, columns: TableColumn.published) { field in
            (try? Maze(parsing: String(decoding: field, as: UTF8.self))) != nil
        }
    }

    /// The file.
    public var path: String { table.path }

    /// The next puzzle, or `nil` at the end of the file.
    ///
    /// - Throws: ``MazeCSVError`` naming the line and what is wrong with it.
    public mutating func next() throws(MazeCSVError) -> MazePuzzle? {
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
            // A single row has no size of its own unless it is a square.
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

/// Why a file of mazes cannot be used.
public typealias MazeCSVError = PuzzleFileError<MazeFileProblem>

/// What can be wrong with a file of mazes.
public enum MazeFileProblem: PuzzleFileProblem {
    /// The file cannot be read, or is no table of puzzles.
    case table(TableProblem)
    /// A field that is not a maze.
    case maze(column: String, MazeError)
    /// A question that cannot be solved, or an answer that does not belong to it.
    case puzzle(MazeError)
    /// A maze of another size than the ones before.
    case mixedSizes(found: MazeSize, expected: MazeSize)

    /// A clause: what is wrong, and how to mend it.
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

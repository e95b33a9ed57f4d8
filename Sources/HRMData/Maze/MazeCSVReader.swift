public import Foundation

/// Reads mazes with answers from a CSV file, one by one.
///
/// The columns are `source,question,answer,rating`, as Maze-Hard is published; a first line with
/// these names may be there or not, and if it is, the columns may be in any order and `source` and
/// `rating` may be missing. A maze is written in one row, a character a cell.
public struct MazeCSVReader {
    /// The file.
    public let path: String
    /// The rows of the mazes, known after the first one.
    public private(set) var size: Int?
    /// Whether answers are compared with their questions, and refused where their way is no shortest
    /// one.
    public let checksAnswers: Bool

    private var table: PuzzleTable

    private static let columns = [
        PuzzleTable.Column(name: "source", isRequired: false), .init(name: "question"),
        .init(name: "answer"), .init(name: "rating", isRequired: false),
    ]

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - size: The wanted number of rows; by default that of the first maze.
    ///   - checksAnswers: Whether an answer must be a shortest way through its question.
    /// - Throws: ``MazeCSVError`` when it cannot be opened.
    public init(
        contentsOf url: URL, size: Int? = nil, checksAnswers: Bool = true
    ) throws(MazeCSVError) {
        path = url.path
        self.size = size
        self.checksAnswers = checksAnswers
        do {
            table = try PuzzleTable(contentsOf: url, columns: Self.columns)
        } catch {
            throw MazeCSVError(
                path: url.path, line: nil, problem: .table(.unreadable(reason: error.reason)))
        }
    }

    /// The next puzzle, or `nil` at the end of the file.
    ///
    /// - Throws: ``MazeCSVError`` naming the line and what is wrong with it.
    public mutating func next() throws(MazeCSVError) -> MazePuzzle? {
        let row: PuzzleTable.Row?
        do {
            row = try table.next()
        } catch {
            throw failure(error.line, .table(error.problem))
        }
        guard let row else { return nil }
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
            throw failure(row.line, .puzzle(error))
        }
    }

    private mutating func maze(
        _ text: String, _ column: String, _ line: Int
    ) throws(MazeCSVError) -> Maze {
        let maze: Maze
        do {
            maze = try Maze(parsing: text)
        } catch {
            throw failure(line, .maze(column: column, error))
        }
        guard size ?? maze.size == maze.size else {
            throw failure(line, .mixedSizes(found: maze.size, expected: size ?? 0))
        }
        size = maze.size
        return maze
    }

    private func failure(_ line: Int?, _ problem: MazeCSVError.Problem) -> MazeCSVError {
        MazeCSVError(path: path, line: line, problem: problem)
    }
}

/// Why a file of mazes cannot be used.
public struct MazeCSVError: Error, Equatable, Sendable {
    /// The file.
    public var path: String
    /// The line, counting from 1; `nil` when it is about the whole file.
    public var line: Int?
    /// What is wrong.
    public var problem: Problem

    /// What can be wrong with a file of mazes.
    public enum Problem: Equatable, Sendable {
        /// The file cannot be read, or is no table of puzzles.
        case table(TableProblem)
        /// A field that is not a maze.
        case maze(column: String, MazeError)
        /// A question that cannot be solved, or an answer that does not belong to it.
        case puzzle(MazeError)
        /// A maze of another size than the ones before.
        case mixedSizes(found: Int, expected: Int)
    }

    /// An error in a file.
    public init(path: String, line: Int?, problem: Problem) {
        self.path = path
        self.line = line
        self.problem = problem
    }
}

extension MazeCSVError: CustomStringConvertible {
    /// One sentence: which file and line, what is wrong, and how to mend it.
    public var description: String {
        let place = line.map { "\(path), line \($0): " } ?? "\(path): "
        return place + explanation
    }

    private var explanation: String {
        switch problem {
        case .table(let problem): problem.explanation(columns: "source,question,answer,rating")
        case .maze(let column, let error): "in the \(column), \(error)"
        case .puzzle(let error): error.description
        case .mixedSizes(let found, let expected):
            "it has a maze of \(found)×\(found) among others of \(expected)×\(expected); build a "
                + "data set for each size"
        }
    }
}

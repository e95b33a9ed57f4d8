public import Foundation

/// Reads Sudokus with answers from a CSV file, one by one.
///
/// The columns are `source,question,answer,rating`; a first line with these names may be there or
/// not, and if it is, the columns may be in any order and `source` and `rating` may be missing.
/// Every puzzle is checked: the answer is complete, valid, and agrees with the question.
public struct SudokuCSVReader {
    /// The file.
    public let path: String
    /// The sizes of the puzzles, known after the first one.
    public private(set) var geometry: SudokuGeometry?

    private var table: PuzzleTable

    private static let columns = [
        PuzzleTable.Column(name: "source", isRequired: false), .init(name: "question"),
        .init(name: "answer"), .init(name: "rating", isRequired: false),
    ]

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - geometry: The wanted sizes; by default those of the first puzzle.
    /// - Throws: ``SudokuCSVError`` when it cannot be opened.
    public init(contentsOf url: URL, geometry: SudokuGeometry? = nil) throws(SudokuCSVError) {
        path = url.path
        self.geometry = geometry
        do {
            table = try PuzzleTable(contentsOf: url, columns: Self.columns)
        } catch {
            throw SudokuCSVError(
                path: url.path, line: nil, problem: .table(.unreadable(reason: error.reason)))
        }
    }

    /// The next puzzle, or `nil` at the end of the file.
    ///
    /// - Throws: ``SudokuCSVError`` naming the line and what is wrong with it.
    public mutating func next() throws(SudokuCSVError) -> SudokuPuzzle? {
        let row: PuzzleTable.Row?
        do {
            row = try table.next()
        } catch {
            throw failure(error.line, .table(error.problem))
        }
        guard let row else { return nil }
        return try puzzle(row)
    }

    private func failure(_ line: Int?, _ problem: SudokuCSVError.Problem) -> SudokuCSVError {
        SudokuCSVError(path: path, line: line, problem: problem)
    }

    private mutating func puzzle(
        _ row: PuzzleTable.Row
    ) throws(SudokuCSVError) -> SudokuPuzzle {
        let line = row.line
        let question = try board(row.fields[1] ?? [], "question", line)
        let answer = try board(row.fields[2] ?? [], "answer", line)
        let blanks = answer.cells.count - answer.givenCount
        guard blanks == 0 else { throw failure(line, .unfinishedAnswer(blanks: blanks)) }
        guard answer.isSolved else { throw failure(line, .invalidAnswer) }
        if !answer.isConsistent(with: question),
            let cell = question.cells.indices.first(where: {
                question[$0] != 0 && question[$0] != answer[$0]
            })
        {
            throw failure(
                line,
                .contradiction(cell: cell, question: question[cell], answer: answer[cell]))
        }
        return SudokuPuzzle(
            source: row.text(0), question: question, answer: answer,
            rating: Int(row.text(3).trimmingCharacters(in: .whitespaces)))
    }

    private mutating func board(
        _ field: [UInt8], _ column: String, _ line: Int
    ) throws(SudokuCSVError) -> SudokuBoard {
        do {
            let board = try SudokuBoard(parsing: field, geometry: geometry)
            geometry = board.geometry
            return board
        } catch {
            throw failure(line, .board(column: column, error))
        }
    }
}

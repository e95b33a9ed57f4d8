public import Foundation

/// Reads Sudokus with answers from a CSV file, one by one.
///
/// The columns are `source,question,answer,rating`; a first line with these names may be there or
/// not, and if it is, the columns may be in any order and `source` and `rating` may be missing.
/// Every puzzle is checked: the answer is complete, valid, and agrees with the question.
public struct SudokuCSVReader {
    /// The sizes of the puzzles, known after the first one.
    public private(set) var geometry: SudokuGeometry?

    private var table: PuzzleTable<SudokuFileProblem>

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - geometry: The wanted sizes; by default those of the first puzzle.
    /// - Throws: ``SudokuCSVError`` when it cannot be opened.
    public init(contentsOf url: URL, geometry: SudokuGeometry? = nil) throws(SudokuCSVError) {
        self.geometry = geometry
        table = try PuzzleTable(contentsOf: url, columns: TableColumn.published)
    }

    /// The file.
    public var path: String { table.path }

    /// The next puzzle, or `nil` at the end of the file.
    ///
    /// - Throws: ``SudokuCSVError`` naming the line and what is wrong with it.
    public mutating func next() throws(SudokuCSVError) -> SudokuPuzzle? {
        guard let row = try table.next() else { return nil }
        return try puzzle(row)
    }

    private mutating func puzzle(_ row: TableRow) throws(SudokuCSVError) -> SudokuPuzzle {
        let line = row.line
        let question = try board(row.fields[1] ?? [], "question", line)
        let answer = try board(row.fields[2] ?? [], "answer", line)
        let blanks = answer.cells.count - answer.givenCount
        guard blanks == 0 else { throw table.failure(line, .unfinishedAnswer(blanks: blanks)) }
        guard answer.isSolved else { throw table.failure(line, .invalidAnswer) }
        if !answer.isConsistent(with: question),
            let cell = question.cells.indices.first(where: {
                question[$0] != 0 && question[$0] != answer[$0]
            })
        {
            throw table.failure(
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
            throw table.failure(line, .board(column: column, error))
        }
    }
}

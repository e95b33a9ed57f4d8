package import Foundation

/// Reads Sudokus with answers from a CSV or JSON file, one at a time.
///
/// The columns are `source,question,answer,rating`. A first line with these names, or other common
/// ones (`puzzle,solution`, `quizzes,solutions`), is optional; with it, the columns may be in any
/// order, and `source` and `rating` may be missing. In a file without names, the first field that
/// is a board is the question, and the other one the answer. Fields are separated by commas,
/// semicolons or tabs.
///
/// JSON is a list of objects, or a sequence of objects, with a board under `puzzle` and another
/// under `solution`, or under the other common names: a list of rows, or a text.
///
/// Every puzzle is checked: the question has no digit twice in a row, column or box, and the answer
/// is complete, valid and consistent with the question. If boards of a size have two shapes of
/// boxes, the first answer that is valid for only one of them determines the shape.
package struct SudokuCSVReader {
    /// The geometry of the puzzles, known after the first one.
    package private(set) var geometry: SudokuGeometry?
    /// The line that the last puzzle begins on, counting from 1; nil before the first one.
    package private(set) var line: Int?

    private var table: SudokuRows
    /// True if the shape of the boxes is determined.
    private var isCertain: Bool
    /// The rows read ahead to determine the shape of the boxes.
    private var waiting: ArraySlice<Row> = []
    private var failure: SudokuCSVError?

    /// The maximum number of rows read ahead to determine the shape of the boxes.
    private static let mostRowsAhead = 1000

    private struct Row {
        var line: Int
        var question: SudokuBoard
        var answer: SudokuBoard
        var source: String
        var rating: Int?
    }

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - geometry: The expected geometry; by default that of the first puzzle.
    /// - Throws: ``SudokuCSVError`` if it cannot be opened.
    package init(contentsOf url: URL, geometry: SudokuGeometry? = nil) throws(SudokuCSVError) {
        self.geometry = geometry
        isCertain = geometry != nil
        table = try SudokuRows(contentsOf: url) { field in
            (try? SudokuBoard(parsing: Self.trimmed(field), geometry: geometry)) != nil
        }
    }

    /// The path of the file.
    package var path: String { table.path }

    /// Returns the next puzzle, or `nil` at the end of the file.
    ///
    /// - Throws: ``SudokuCSVError`` with the line and the problem.
    package mutating func next() throws(SudokuCSVError) -> SudokuPuzzle? {
        if !isCertain { try findBoxes() }
        if let row = waiting.popFirst() { return try puzzle(row) }
        if let failure { throw failure }
        guard let row = try nextRow() else { return nil }
        return try puzzle(row)
    }

    private mutating func nextRow() throws(SudokuCSVError) -> Row? {
        guard let row = try table.next() else { return nil }
        let question = try board(row.fields[1] ?? [], "question", row.line)
        return Row(
            line: row.line, question: question,
            answer: try board(row.fields[2] ?? [], "answer", row.line), source: row.text(0),
            rating: Int(row.text(3).trimmingCharacters(in: .whitespaces)))
    }

    /// Reads rows until an answer determines the shape of the boxes; the wider ones if none does.
    private mutating func findBoxes() throws(SudokuCSVError) {
        isCertain = true
        var rows: [Row] = []
        while rows.count < Self.mostRowsAhead {
            do {
                guard let row = try nextRow() else { break }
                rows.append(row)
            } catch {
                failure = error
                break
            }
            guard let answer = rows.last?.answer else { break }
            let fitting = answer.geometry.alternatives.filter { answer.reshaped($0).isSolved }
            guard fitting.count > 1 else {
                geometry = fitting.first ?? geometry
                break
            }
        }
        if let geometry {
            for index in rows.indices {
                rows[index].question = rows[index].question.reshaped(geometry)
                rows[index].answer = rows[index].answer.reshaped(geometry)
            }
        }
        waiting = rows[...]
    }

    private mutating func puzzle(_ row: Row) throws(SudokuCSVError) -> SudokuPuzzle {
        let (question, answer) = (row.question, row.answer)
        line = row.line
        if let contradiction = question.contradiction {
            throw table.failure(row.line, .impossible(column: "question", contradiction))
        }
        let blanks = answer.cells.count - answer.givenCount
        guard blanks == 0 else { throw table.failure(row.line, .unfinishedAnswer(blanks: blanks)) }
        if let contradiction = answer.contradiction {
            throw table.failure(row.line, .impossible(column: "answer", contradiction))
        }
        if !answer.isConsistent(with: question),
            let cell = question.cells.indices.first(where: {
                question[$0] != 0 && question[$0] != answer[$0]
            })
        {
            throw table.failure(
                row.line,
                .otherAnswer(
                    row: question.geometry.row(ofCell: cell) + 1,
                    column: question.geometry.column(ofCell: cell) + 1, question: question[cell],
                    answer: answer[cell]))
        }
        return SudokuPuzzle(
            source: row.source, question: question, answer: answer, rating: row.rating)
    }

    private mutating func board(
        _ field: [UInt8], _ column: String, _ line: Int
    ) throws(SudokuCSVError) -> SudokuBoard {
        do {
            let board = try SudokuBoard(parsing: Self.trimmed(field), geometry: geometry)
            geometry = board.geometry
            return board
        } catch {
            throw table.failure(line, .board(column: column, error))
        }
    }

    private static func trimmed(_ field: [UInt8]) -> [UInt8] {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        guard let first = field.first, let last = field.last, isSpace(first) || isSpace(last) else {
            return field
        }
        let end = (field.lastIndex { !isSpace($0) } ?? -1) + 1
        return Array(field[..<end].drop(while: isSpace))
    }
}

extension SudokuBoard {
    /// Returns the same cells with boxes of another shape.
    fileprivate func reshaped(_ geometry: SudokuGeometry) -> SudokuBoard {
        geometry.size == self.geometry.size ? SudokuBoard(geometry, cells: cells) : self
    }
}

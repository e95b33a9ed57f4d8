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

    private var records: CSVRecordReader
    private var columns: Columns?

    private struct Columns {
        var count = 4
        var source: Int? = 0
        var question = 1
        var answer = 2
        var rating: Int? = 3
    }

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
            records = CSVRecordReader(source: try ByteSource(url: url))
        } catch {
            throw SudokuCSVError(
                path: url.path, line: nil, problem: .unreadable(reason: error.reason))
        }
    }

    /// The next puzzle, or `nil` at the end of the file.
    ///
    /// - Throws: ``SudokuCSVError`` naming the line and what is wrong with it.
    public mutating func next() throws(SudokuCSVError) -> SudokuPuzzle? {
        guard var record = try nextRecord() else { return nil }
        if columns == nil {
            let header = try headerColumns(record)
            columns = header ?? Columns()
            if header != nil {
                guard let first = try nextRecord() else { return nil }
                record = first
            }
        }
        return try puzzle(record, columns ?? Columns())
    }

    private mutating func nextRecord() throws(SudokuCSVError) -> CSVRecordReader.Record? {
        do {
            return try records.next()
        } catch {
            switch error {
            case .file(let problem):
                throw failure(nil, .unreadable(reason: problem.reason))
            case .recordTooLong(let line):
                throw failure(line, .lineTooLong(limit: CSVRecordReader.longestRecord))
            case .openQuote(let line): throw failure(line, .openQuote)
            case .textAfterQuote(let line): throw failure(line, .textAfterQuote)
            }
        }
    }

    private func failure(_ line: Int?, _ problem: SudokuCSVError.Problem) -> SudokuCSVError {
        SudokuCSVError(path: path, line: line, problem: problem)
    }

    /// The places of the columns if the record names them.
    private func headerColumns(
        _ record: CSVRecordReader.Record
    ) throws(SudokuCSVError) -> Columns? {
        let names = record.fields.map { Self.trimmed($0).lowercased() }
        guard names.contains("question") || names.contains("answer") else { return nil }
        guard let question = names.firstIndex(of: "question") else {
            throw failure(record.line, .missingColumn("question"))
        }
        guard let answer = names.firstIndex(of: "answer") else {
            throw failure(record.line, .missingColumn("answer"))
        }
        return Columns(
            count: names.count, source: names.firstIndex(of: "source"), question: question,
            answer: answer, rating: names.firstIndex(of: "rating"))
    }

    private static func trimmed(_ field: [UInt8]) -> String {
        String(decoding: field, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    }

    private mutating func puzzle(
        _ record: CSVRecordReader.Record, _ columns: Columns
    ) throws(SudokuCSVError) -> SudokuPuzzle {
        let line = record.line
        guard record.fields.count == columns.count else {
            throw failure(
                line, .fieldCount(found: record.fields.count, expected: columns.count))
        }
        let question = try board(record.fields[columns.question], "question", line)
        let answer = try board(record.fields[columns.answer], "answer", line)
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
            source: columns.source.map { String(decoding: record.fields[$0], as: UTF8.self) } ?? "",
            question: question, answer: answer,
            rating: columns.rating.flatMap { Int(Self.trimmed(record.fields[$0])) })
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

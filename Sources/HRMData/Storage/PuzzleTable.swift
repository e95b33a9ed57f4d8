import Foundation

/// The rows of a CSV file whose columns have names, one by one.
///
/// The first line may name the columns, in any order and with others between them; without such a
/// line they stand in the order that the caller gives.
struct PuzzleTable<Fault: PuzzleFileProblem> {
    /// What its errors are.
    typealias Failure = PuzzleFileError<Fault>

    /// The file.
    let path: String

    private var records: CSVRecordReader
    private let columns: [TableColumn]
    /// Where each wanted column is, and how many fields a row has; known after the first line.
    private var places: [Int?]?
    private var fieldCount = 0

    /// Opens a file.
    init(contentsOf url: URL, columns: [TableColumn]) throws(Failure) {
        path = url.path
        self.columns = columns
        do {
            records = CSVRecordReader(source: try ByteSource(text: url))
        } catch {
            throw Failure(
                path: url.path, line: nil, problem: .table(.unreadable(reason: error.reason)))
        }
    }

    /// An error in this file.
    func failure(_ line: Int?, _ problem: Fault) -> Failure {
        Failure(path: path, line: line, problem: problem)
    }

    /// The next row, or `nil` at the end of the file.
    mutating func next() throws(Failure) -> TableRow? {
        guard var record = try nextRecord() else { return nil }
        if places == nil {
            if try readHeader(record) {
                guard let first = try nextRecord() else { return nil }
                record = first
            } else {
                fieldCount = try countWithoutHeader(record)
                places = columns.indices.map { $0 < fieldCount ? $0 : nil }
            }
        }
        guard record.fields.count == fieldCount else {
            throw failure(
                record.line,
                .table(.fieldCount(found: record.fields.count, expected: fieldCount)))
        }
        let fields = (places ?? []).map { place in place.map { record.fields[$0] } }
        return TableRow(line: record.line, fields: fields)
    }

    /// Optional columns at the end may be missing from files without a header, too.
    private func countWithoutHeader(_ record: CSVRecordReader.Record) throws(Failure) -> Int {
        let least = (columns.lastIndex { $0.isRequired } ?? 0) + 1
        let mayEndEarly = !columns[..<least].contains { !$0.isRequired }
        let count = record.fields.count
        let allowed = mayEndEarly ? least...columns.count : columns.count...columns.count
        guard allowed.contains(count) else {
            throw failure(
                record.line, .table(.fieldCount(found: count, expected: columns.count)))
        }
        return count
    }

    private mutating func nextRecord() throws(Failure) -> CSVRecordReader.Record? {
        do {
            return try records.next()
        } catch {
            switch error {
            case .file(let problem):
                throw failure(nil, .table(.unreadable(reason: problem.reason)))
            case .recordTooLong(let line):
                throw failure(
                    line, .table(.lineTooLong(limit: CSVRecordReader.longestRecord)))
            case .openQuote(let line): throw failure(line, .table(.openQuote))
            case .textAfterQuote(let line): throw failure(line, .table(.textAfterQuote))
            }
        }
    }

    /// Whether the record names columns; if it does, remembers where they are.
    private mutating func readHeader(_ record: CSVRecordReader.Record) throws(Failure) -> Bool {
        let names = record.fields.map {
            String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespaces).lowercased()
        }
        guard columns.contains(where: { $0.isRequired && names.contains($0.name) }) else {
            return false
        }
        for column in columns where column.isRequired && !names.contains(column.name) {
            throw failure(record.line, .table(.missingColumn(column.name)))
        }
        places = columns.map { names.firstIndex(of: $0.name) }
        fieldCount = names.count
        return true
    }
}

/// A column that a table is asked for.
struct TableColumn {
    /// Its name in the first line, in lower case.
    var name: String
    /// Whether a file without it is refused.
    var isRequired = true

    /// The columns of the published files of Sudokus and mazes.
    static let published = [
        TableColumn(name: "source", isRequired: false), TableColumn(name: "question"),
        TableColumn(name: "answer"), TableColumn(name: "rating", isRequired: false),
    ]
}

/// A row of a table with the wanted fields.
struct TableRow {
    /// The line that it begins on, counting from 1.
    var line: Int
    /// The bytes of the wanted columns in the caller's order; nil where there is no such column.
    var fields: [[UInt8]?]

    /// A field as text; empty where there is no such column.
    func text(_ column: Int) -> String {
        fields[column].map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

/// What can be wrong with a file of puzzles as a table, whatever the puzzles are.
public enum TableProblem: Error, Equatable, Sendable {
    /// The file cannot be opened, or reading stopped half-way.
    case unreadable(reason: String)
    /// The file has no puzzle.
    case empty
    /// A first line with names of columns, but without this one.
    case missingColumn(String)
    /// A line with too few or too many fields.
    case fieldCount(found: Int, expected: Int)
    /// A line that is too long to be a puzzle.
    case lineTooLong(limit: Int)
    /// A quoted field that does not end.
    case openQuote
    /// Something other than a comma after a quoted field.
    case textAfterQuote

    /// A clause: what is wrong, and how to mend it.
    ///
    /// - Parameter columns: The columns that such a file has.
    /// - Returns: The clause.
    func explanation(columns: [TableColumn]) -> String {
        let columns = columns.map(\.name).joined(separator: ",")
        return switch self {
        case .unreadable(let reason):
            "it cannot be read: \(reason)"
        case .empty:
            "it has no puzzle; write one a line as \(columns)"
        case .missingColumn(let name):
            "the first line names columns, but none is '\(name)'; write \(columns)"
        case .fieldCount(let found, let expected):
            "it has \(found) fields instead of \(expected); write \(columns)"
        case .lineTooLong(let limit):
            "it is longer than \(limit) bytes; is this a file of puzzles, one a line?"
        case .openQuote:
            "a field begins with a quotation mark and does not end; add the closing one"
        case .textAfterQuote:
            "there is text after a quoted field; put a comma between, or double the quotation mark"
        }
    }
}

import Foundation
import HRMFiles

/// The rows of a CSV file with named columns, one at a time.
///
/// The first line may name the columns, in any order and with others between them. Without such a
/// line the columns are in the caller's order, or the first two fields that can be a question and
/// its answer are used.
struct PuzzleTable<Fault: PuzzleFileProblem> {
    /// The error type.
    typealias Failure = PuzzleFileError<Fault>

    /// The path of the file.
    let path: String

    private var records: CSVRecordReader
    private let columns: [TableColumn]
    /// Returns true if a field is valid in a required column; `nil` if this cannot be decided.
    private let isContent: (([UInt8]) -> Bool)?
    /// True if a field may be a question, or a part of one.
    private let isQuestion: ([UInt8]) -> Bool
    /// The index of each column, and the number of fields in a row; known after the first line.
    private var places: [Int?]?
    private var fieldCount = 0

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - columns: The wanted columns.
    ///   - isContent: Returns true if a field is valid in a required column; locates these columns
    ///     in files without names.
    ///   - isQuestion: Returns true if a field may be a question, or a part of one; distinguishes
    ///     files without answers from other unusable files.
    /// - Throws: The caller's error if the file cannot be opened.
    init(
        contentsOf url: URL, columns: [TableColumn], isContent: (([UInt8]) -> Bool)? = nil,
        isQuestion: @escaping ([UInt8]) -> Bool
    ) throws(Failure) {
        self.isContent = isContent
        self.isQuestion = isQuestion
        path = url.path
        self.columns = columns
        do {
            records = CSVRecordReader(source: try ByteSource(text: url))
        } catch {
            throw Failure(
                path: url.path, line: nil, problem: .table(.unreadable(reason: error.reason)))
        }
    }

    /// Returns an error in this file.
    func failure(_ line: Int?, _ problem: Fault) -> Failure {
        Failure(path: path, line: line, problem: problem)
    }

    /// Returns the next row, or `nil` at the end of the file.
    mutating func next() throws(Failure) -> TableRow? {
        guard var record = try nextRecord() else { return nil }
        if places == nil {
            if try readHeader(record) {
                guard let first = try nextRecord() else { return nil }
                record = first
            } else if let found = try findContent(&record) {
                places = found
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
        let required = columns.indices.filter { columns[$0].isRequired }
        if let question = required.first, fields[question]?.isEmpty == false,
            let answer = required.first(where: { fields[$0]?.isEmpty == true })
        {
            throw failure(record.line, .table(.noAnswer(columns[answer].name)))
        }
        return TableRow(line: record.line, fields: fields)
    }

    /// Locates the required columns by their content, in files without the usual order.
    ///
    /// A first line without content is taken as unknown column names and skipped.
    private mutating func findContent(
        _ record: inout CSVRecordReader.Record
    ) throws(Failure) -> [Int?]? {
        guard let isContent else { return nil }
        let required = columns.indices.filter { columns[$0].isRequired }
        func places(_ fields: [[UInt8]]) -> [Int] {
            fields.indices.filter { isContent(fields[$0]) }
        }
        let first = places(record.fields)
        if record.fields.count == columns.count, first == required { return nil }
        var found = first
        if found.isEmpty, let second = try nextRecord() {
            found = places(second.fields)
            guard found.count >= required.count, second.fields.count == record.fields.count else {
                return nil
            }
            record = second
        }
        guard found.count >= required.count else { return nil }
        fieldCount = record.fields.count
        var result = [Int?](repeating: nil, count: columns.count)
        for (column, place) in zip(required, found) { result[column] = place }
        return result
    }

    /// Returns the number of fields in a file without a header; optional columns at the end may be
    /// missing.
    private func countWithoutHeader(_ record: CSVRecordReader.Record) throws(Failure) -> Int {
        let least = (columns.lastIndex { $0.isRequired } ?? 0) + 1
        let mayEndEarly = !columns[..<least].contains { !$0.isRequired }
        let count = record.fields.count
        let allowed = mayEndEarly ? least...columns.count : columns.count...columns.count
        guard allowed.contains(count) else {
            let answer = columns.last { $0.isRequired }
            throw failure(
                record.line,
                .table(
                    answer.flatMap { hasQuestionAlone(record.fields) ? .noAnswer($0.name) : nil }
                        ?? .fieldCount(found: count, expected: columns.count)))
        }
        return count
    }

    /// Returns true if exactly one field may be a question, and no other field is long enough to be
    /// an answer with a typing error.
    private func hasQuestionAlone(_ fields: [[UInt8]]) -> Bool {
        guard let longest = fields.max(by: { $0.count < $1.count }), isQuestion(longest) else {
            return false
        }
        return fields.count { 2 * $0.count > longest.count } == 1
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

    /// Returns true if the record names columns, whose indices are then stored.
    private mutating func readHeader(_ record: CSVRecordReader.Record) throws(Failure) -> Bool {
        let names = record.fields.map {
            String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespaces).lowercased()
        }
        guard columns.contains(where: { $0.isRequired && names.contains(where: $0.isNamed) }) else {
            return false
        }
        var places: [Int?] = []
        for column in columns {
            // The column's own name takes precedence over other names for it.
            let exact = names.indices.filter { names[$0] == column.name }
            let found = exact.isEmpty ? names.indices.filter { column.isNamed(names[$0]) } : exact
            let areEqual = Set(found.map { names[$0] }).count < found.count
            guard found.count <= 1 || !(column.isRequired || areEqual) else {
                throw failure(
                    record.line,
                    .table(.repeatedColumn(column.name, found: found.map { names[$0] })))
            }
            guard !found.isEmpty || !column.isRequired else {
                // If only one column is named, it contains the questions.
                throw failure(
                    record.line,
                    .table(
                        names.count == 1 && column == columns.last { $0.isRequired }
                            ? .noAnswer(column.name) : .missingColumn(column.name)))
            }
            places.append(found.first)
        }
        self.places = places
        fieldCount = names.count
        return true
    }
}

/// A requested column.
struct TableColumn: Equatable {
    /// The name in the first line, in lower case.
    var name: String
    /// True if a file without the column is an error.
    var isRequired = true
    /// Other common names, in lower case.
    var otherNames: Set<String> = []

    /// Returns true if the lower-case name is one of the column's.
    func isNamed(_ name: String) -> Bool { name == self.name || otherNames.contains(name) }

    /// The columns of the published files of Sudokus and mazes.
    static let published = [
        TableColumn(name: "source", isRequired: false, otherNames: ["id"]),
        TableColumn(
            name: "question",
            otherNames: [
                "questions", "quiz", "quizzes", "puzzle", "puzzles", "problem", "problems",
            ]),
        TableColumn(
            name: "answer", otherNames: ["answers", "solution", "solutions", "solved"]),
        TableColumn(name: "rating", isRequired: false, otherNames: ["difficulty"]),
    ]
}

/// The requested fields of a row.
struct TableRow {
    /// The number of the row's first line, counting from 1.
    var line: Int
    /// The bytes of the requested columns in the caller's order; `nil` for a missing column.
    var fields: [[UInt8]?]

    /// Returns a field as text; empty for a missing column.
    func text(_ column: Int) -> String {
        fields[column].map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

/// The problems of a table of puzzles, independent of the kind of puzzle.
public enum TableProblem: Error, Equatable, Sendable {
    /// The file cannot be opened, or reading failed part-way.
    case unreadable(reason: String)
    /// The file has no puzzles.
    case empty
    /// The first line names columns, but lacks this one.
    case missingColumn(String)
    /// The first line has several names for one column.
    case repeatedColumn(String, found: [String])
    /// The questions have no answers; the name of the column that would contain them.
    case noAnswer(String)
    /// A line has too few or too many fields.
    case fieldCount(found: Int, expected: Int)
    /// A line is too long for a puzzle.
    case lineTooLong(limit: Int)
    /// A quoted field is not closed.
    case openQuote
    /// A quoted field is not followed by a delimiter.
    case textAfterQuote

    /// Returns a clause that states the problem and the remedy.
    ///
    /// - Parameters:
    ///   - columns: The columns of such a file.
    ///   - help: A source of answers, to follow a semicolon; nil if unknown.
    /// - Returns: The clause.
    func explanation(columns: [TableColumn], answers help: String? = nil) -> String {
        let required = columns.filter(\.isRequired).map(\.name).joined(separator: ",")
        let all = columns.map(\.name).joined(separator: ",")
        let columns =
            all == required ? all : "\(all), or only \(required) below a line with these names"
        return switch self {
        case .unreadable(let reason):
            "it cannot be read: \(reason)"
        case .empty:
            "it has no puzzle; write one a line as \(columns)"
        case .missingColumn(let name):
            "the first line names columns, but none is '\(name)'; write \(columns)"
        case .repeatedColumn(let name, let found):
            "the first line names the column '\(name)' \(found.count) times "
                + "(\(found.prefix(4).joined(separator: ", "))); keep one of them"
        case .noAnswer(let name):
            "there is a question without its \(name), and a model learns from both; write \(columns)"
                + (help.map { "; \($0)" } ?? "")
        case .fieldCount(let found, let expected):
            "it has \(found.counted("field")) instead of \(expected); write \(columns)"
        case .lineTooLong(let limit):
            "it is longer than \(limit) bytes; is this a file of puzzles, one a line?"
        case .openQuote:
            "a field begins with a quotation mark and does not end; add the closing one"
        case .textAfterQuote:
            "there is text after a quoted field; put a comma between, or double the quotation mark"
        }
    }
}

package import Foundation
import HRMFiles

/// Reads pairs of question and answer from a JSON or CSV file, one at a time.
///
/// JSON is a list of objects, or a sequence of objects as in JSON lines, with the members `input`,
/// `output` and optionally `task`; a grid is an array of rows of numbers, an array of strings, or
/// one string with `/` between its rows. A CSV file has the columns `input,output,task`, of which
/// the last is optional, with grids as strings. The first character determines the format.
public struct GridPairReader {
    /// The path of the file.
    public let path: String
    /// The symbols; `nil` if the data determine the count of numbers.
    public let alphabet: GridAlphabet?
    /// The line that the last pair begins on, counting from 1; nil before the first one.
    public private(set) var line: Int?

    private let notation: GridNotation
    private var elements: JSONElements?
    private var table: PuzzleTable<GridFileProblem>?

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - alphabet: The symbols; `nil` for numbers, whose count the data determine.
    /// - Throws: ``GridFileError`` if it cannot be opened.
    package init(contentsOf url: URL, alphabet: GridAlphabet?) throws(GridFileError) {
        path = url.path
        self.alphabet = alphabet
        notation = GridNotation(alphabet: alphabet)
        do throws(FileProblem) {
            var beginning = TextSource(try ByteSource(text: url))
            defer { beginning.close() }
            let bytes = try beginning.read(upTo: 4096)
            let first = bytes.first { ![0x20, 0x09, 0x0A].contains($0) }
            if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
                elements = JSONElements(source: try ByteSource(text: url))
            }
        } catch {
            throw GridFileError(
                path: url.path, line: nil, problem: .table(.unreadable(reason: error.reason)))
        }
        if elements == nil {
            let notation = notation
            table = try PuzzleTable(contentsOf: url, columns: TableColumn.pairs) { field in
                (try? notation.grid(String(decoding: field, as: UTF8.self))) != nil
            }
        }
    }

    /// Returns the next pair, or `nil` at the end of the file.
    ///
    /// - Throws: ``GridFileError`` with the line and the problem.
    package mutating func next() throws(GridFileError) -> GridPair? {
        elements == nil ? try nextRow() : try nextElement()
    }

    private mutating func nextElement() throws(GridFileError) -> GridPair? {
        let found: JSONElements.Element?
        do {
            found = try elements?.next()
        } catch {
            switch error {
            case .file(let problem):
                throw failure(nil, .table(.unreadable(reason: problem.reason)))
            case .tooLong(let line):
                throw failure(line, .table(.lineTooLong(limit: JSONElements.longest)))
            case .invalid(let line):
                throw failure(
                    line,
                    .pair(.json(reason: "a comma or a closing bracket is missing or too much")))
            }
        }
        guard let element = found else { return nil }
        line = element.line
        do throws(GridQuestionError) {
            let members = try GridJSON.members(of: element.bytes)
            guard let output = members.output else {
                throw .json(reason: "the key 'output' is missing")
            }
            return GridPair(
                input: try members.input.grid(notation, member: "input"),
                output: try output.grid(notation, member: "output"), task: members.task)
        } catch {
            throw failure(element.line, .pair(error))
        }
    }

    private mutating func nextRow() throws(GridFileError) -> GridPair? {
        guard let row = try table?.next() else { return nil }
        line = row.line
        do throws(GridQuestionError) {
            // With replacement characters for invalid UTF-8, different names could become equal.
            if let field = row.fields.firstIndex(where: { $0.map(Self.isUTF8) == false }) {
                throw .encoding(member: TableColumn.pairs[field].name)
            }
            let task = row.text(2)
            return GridPair(
                input: try grid(row.text(0), "input"), output: try grid(row.text(1), "output"),
                task: task.isEmpty ? nil : task)
        } catch {
            throw failure(row.line, .pair(error))
        }
    }

    private func grid(_ text: String, _ member: String) throws(GridQuestionError) -> PuzzleGrid {
        if text.first == "[" {
            return try GridJSON.grid(text).grid(notation, member: member)
        }
        do {
            return try notation.grid(text)
        } catch {
            throw .grid(member: member, error)
        }
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    private func failure(_ line: Int?, _ problem: GridFileProblem) -> GridFileError {
        GridFileError(path: path, line: line, problem: problem)
    }
}

extension TableColumn {
    /// The columns of a file of pairs.
    fileprivate static let pairs = [
        TableColumn(name: "input"), TableColumn(name: "output"),
        TableColumn(name: "task", isRequired: false),
    ]
}

/// An error in a file of grids.
public typealias GridFileError = PuzzleFileError<GridFileProblem>

/// The problems of a file of grids.
public enum GridFileProblem: PuzzleFileProblem {
    /// The file cannot be read, or is not a table of pairs.
    case table(TableProblem)
    /// A line is not a pair of grids.
    case pair(GridQuestionError)

    /// A clause that states the problem and the remedy.
    public var description: String {
        switch self {
        case .table(let problem): problem.explanation(columns: TableColumn.pairs)
        case .pair(let error): error.description
        }
    }
}

import Foundation
import HRMFiles

/// The puzzles of a file of Sudokus as fields of text: from a table, or from JSON.
///
/// JSON is a list of objects, or a sequence of them as in JSON lines, each with a board under
/// `puzzle` and another under `solution`, or under other common names. The first character
/// determines the format.
struct SudokuRows {
    /// The path of the file.
    let path: String
    private var table: PuzzleTable<SudokuFileProblem>?
    private var elements: JSONElements?

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - isBoard: Returns true if a field is a board; locates the columns of tables without
    ///     names.
    /// - Throws: ``SudokuCSVError`` if it cannot be opened.
    init(
        contentsOf url: URL, isBoard: @escaping ([UInt8]) -> Bool
    ) throws(SudokuCSVError) {
        path = url.path
        do throws(FileProblem) {
            var beginning = TextSource(try ByteSource(text: url))
            defer { beginning.close() }
            let text = String(decoding: try beginning.read(upTo: 4096), as: UTF8.self)
            if JSONBoardFinder.begins(text) {
                elements = JSONElements(source: try ByteSource(text: url))
            }
        } catch {
            throw SudokuCSVError(
                path: url.path, line: nil, problem: .table(.unreadable(reason: error.reason)))
        }
        guard elements == nil else { return }
        table = try PuzzleTable(
            contentsOf: url, columns: TableColumn.published, isContent: isBoard,
            isQuestion: { SudokuDrawing.cells(String(decoding: $0, as: UTF8.self)) != nil })
    }

    /// Returns an error in this file.
    func failure(_ line: Int?, _ problem: SudokuFileProblem) -> SudokuCSVError {
        SudokuCSVError(path: path, line: line, problem: problem)
    }

    /// Returns the next puzzle with the columns of ``TableColumn/published``, or `nil` at the end
    /// of the file.
    ///
    /// - Throws: ``SudokuCSVError`` with the line and the problem.
    mutating func next() throws(SudokuCSVError) -> TableRow? {
        guard elements != nil else { return try table?.next() }
        guard let element = try nextElement() else { return nil }
        let board: JSONBoard
        do throws(JSONProblem) {
            board = try JSONBoard(String(decoding: element.bytes, as: UTF8.self))
        } catch {
            throw failure(element.line, .json(reason: error.explanation(hasPlaces: false)))
        }
        guard let answer = board.answer else {
            throw failure(
                element.line,
                .json(reason: "a puzzle has no solution, and a model learns from both"))
        }
        return TableRow(
            line: element.line,
            fields: [
                nil, try field(board.rows, "question", element.line),
                try field(answer, "answer", element.line), nil,
            ])
    }

    /// Returns the cells of a board in the form of a table's field.
    private func field(
        _ rows: [[JSONBoard.Cell]], _ column: String, _ line: Int
    ) throws(SudokuCSVError) -> [UInt8] {
        do throws(SudokuError) {
            // The shape of the boxes has no effect here.
            let geometry = (try? SudokuGeometry(size: rows.count)) ?? .nine
            _ = try JSONBoard.board(rows, geometry)
        } catch {
            throw failure(line, .board(column: column, error))
        }
        return Array(rows.joined().map(\.text).joined().utf8)
    }

    private mutating func nextElement() throws(SudokuCSVError) -> JSONElements.Element? {
        do {
            return try elements?.next()
        } catch {
            switch error {
            case .file(let problem):
                throw failure(nil, .table(.unreadable(reason: problem.reason)))
            case .tooLong(let line):
                throw failure(line, .table(.lineTooLong(limit: JSONElements.longest)))
            case .invalid(let line):
                throw failure(
                    line, .json(reason: "a comma or a closing bracket is missing or too much"))
            }
        }
    }
}

package import HRMFiles

/// A Sudoku in JSON: a list for each row, or an object that contains such a list.
package struct JSONBoard: Sendable {
    /// A cell.
    enum Cell: Equatable, Sendable, Decodable {
        case blank
        case number(Int)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .blank
            } else if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else if let number = try? container.decode(Double.self) {
                self = .text("\(number)")
            } else if let flag = try? container.decode(Bool.self) {
                self = .text("\(flag)")
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        /// The cell as written.
        var text: String {
            switch self {
            case .blank: "."
            case .number(let number): String(number)
            case .text(let text): text.isEmpty || text == " " ? "." : text
            }
        }
    }

    /// The value of a board.
    private enum Value: Decodable {
        case text(String)
        case rows([String])
        case cells([Cell])
        case matrix([[Cell]])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let rows = try? container.decode([String].self) {
                self = rows.contains { $0.count > 1 } ? .rows(rows) : .cells(rows.map { .text($0) })
            } else if let cells = try? container.decode([Cell].self) {
                self = .cells(cells)
            } else {
                self = .matrix(try container.decode([[Cell]].self))
            }
        }
    }

    /// An object with a board, and optionally its answer.
    private struct Members: Decodable {
        var question: Value
        var answer: Value?

        private struct Name: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        private static let boards = ["board", "grid", "sudoku", "givens", "input"]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            func key(_ column: Int, _ others: [String] = []) -> Name? {
                container.allKeys.first { name in
                    TableColumn.published[column].isNamed(name.stringValue.lowercased())
                } ?? container.allKeys.first { others.contains($0.stringValue.lowercased()) }
            }
            guard let question = key(1, Self.boards) else {
                throw DecodingError.keyNotFound(
                    Name(stringValue: "puzzle") ?? container.allKeys[0],
                    .init(codingPath: [], debugDescription: "no puzzle"))
            }
            self.question = try container.decode(Value.self, forKey: question)
            answer = key(2).flatMap { try? container.decode(Value.self, forKey: $0) }
        }
    }

    /// The rows of the question.
    let rows: [[Cell]]
    /// The rows of the answer beside it, if there is one.
    let answer: [[Cell]]?

    /// Reads a board.
    ///
    /// - Parameter text: JSON found by ``JSONBoardFinder``.
    /// - Throws: ``JSONProblem``.
    package init(_ text: String) throws(JSONProblem) {
        let bytes = Array(text.utf8)
        let outline = try JSONScanner.outline(of: bytes)
        if outline.kinds.first == .object {
            let members = try JSONText.decodeScanned(Members.self, from: bytes)
            rows = Self.rows(members.question)
            answer = members.answer.map(Self.rows)
        } else {
            rows = Self.rows(try JSONText.decodeScanned(Value.self, from: bytes))
            answer = nil
        }
    }

    /// The number of rows, if it equals the number of columns; otherwise nil.
    package var size: Int? {
        rows.allSatisfy { $0.count == rows.count } ? rows.count : nil
    }

    private static func rows(_ value: Value) -> [[Cell]] {
        func cells(_ text: String) -> [Cell] {
            SudokuText.withoutSeparators(Array(text)).map { .text(String($0)) }
        }
        switch value {
        case .matrix(let rows): return rows
        case .rows(let rows): return rows.map(cells)
        case .cells(let all): return square(all)
        case .text(let text): return square(cells(text))
        }
    }

    /// Returns the cells row by row, if their number is that of a board; otherwise all in one row.
    private static func square(_ cells: [Cell]) -> [[Cell]] {
        guard let geometry = try? SudokuGeometry(cellCount: cells.count) else { return [cells] }
        return (0..<geometry.size).map { row in
            Array(cells[(row * geometry.size)..<((row + 1) * geometry.size)])
        }
    }

    /// Returns the question and the answer as boards of the given geometry.
    func boards(
        _ geometry: SudokuGeometry
    ) throws(SudokuError) -> (question: SudokuBoard, answer: SudokuBoard?) {
        let question = try Self.board(rows, geometry)
        // Only the question must be a board.
        return (question, answer.flatMap { try? Self.board($0, geometry) })
    }

    /// Returns rows of cells as a board.
    ///
    /// - Throws: ``SudokuError`` about the shape or the first invalid cell.
    static func board(
        _ rows: [[Cell]], _ geometry: SudokuGeometry
    ) throws(SudokuError) -> SudokuBoard {
        if rows.count == 1 {
            throw .wrongLength(found: rows[0].count, geometry: geometry)
        }
        guard rows.count == geometry.size else {
            throw .wrongRowCount(rows.count, geometry: geometry)
        }
        if let wrong = rows.firstIndex(where: { $0.count != geometry.size }) {
            throw .wrongRow(wrong + 1, found: rows[wrong].count, geometry: geometry)
        }
        for (row, cells) in rows.enumerated() {
            for (column, cell) in cells.enumerated() where cell.text.count != 1 {
                throw .numbers(
                    String(cell.text.prefix(20)), row: row + 1, column: column + 1,
                    geometry: geometry)
            }
        }
        return try SudokuBoard(
            parsing: rows.joined().map(\.text).joined(), geometry: geometry)
    }
}

extension SudokuText {
    /// Parses a puzzle in JSON; returns nil if the text is not JSON with boards.
    func boards(
        inJSON text: some StringProtocol
    ) throws(SudokuError) -> (question: SudokuBoard, answer: SudokuBoard?)? {
        guard JSONBoardFinder.begins(text) else { return nil }
        var finder = JSONBoardFinder()
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            finder.read(line, line: number)
        }
        guard finder.state == .ended, let board = finder.boards.first else { return nil }
        guard finder.boards.count == 1 else {
            throw .severalPuzzles(finder.boards.count, geometry: geometry)
        }
        guard JSONBoardFinder.begins(board.text) else { return try boards(in: board.text) }
        let json: JSONBoard
        do throws(JSONProblem) {
            json = try JSONBoard(board.text)
        } catch {
            throw .json(reason: error.explanation(hasPlaces: false))
        }
        return try json.boards(geometry)
    }

    /// Reads the JSON that begins with a line.
    ///
    /// - Parameters:
    ///   - first: The line.
    ///   - source: The following lines; boards after the first one are put back.
    /// - Returns: The first board; nil if there is none, and all lines were put back.
    /// - Throws: The errors of the source.
    func jsonBoard(
        from first: SourceLine, _ source: inout some SudokuLineSource
    ) throws -> SourceLine? {
        guard JSONBoardFinder.begins(first.text) else { return nil }
        var finder = JSONBoardFinder()
        finder.read(first.text, line: first.number)
        var rest: [SourceLine] = []
        var bytes = 0
        while finder.state == .open, bytes < Self.longestJSON, let line = try source.nextLine() {
            rest.append(line)
            bytes += line.text.utf8.count
            finder.read(line.text, line: line.number)
        }
        let boards = finder.boards.map { SourceLine(number: $0.line, text: $0.text) }
        guard finder.state == .ended, let board = boards.first else {
            source.putBack(rest)
            return nil
        }
        source.putBack(Array(boards.dropFirst()))
        return board
    }

    /// The maximum number of bytes read ahead, regardless of the number of boards.
    private static var longestJSON: Int { 1 << 22 }
}

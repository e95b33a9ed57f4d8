/// A Sudoku parsed from text and checked.
package struct SudokuQuestion: Sendable, Hashable {
    /// The board with blanks; no digit occurs twice in a row, column or box.
    package let board: SudokuBoard
    /// The filled-in board beside it in the same line, if there is one.
    package let answer: SudokuBoard?

    /// Creates a question without an answer beside it.
    init(_ board: SudokuBoard) {
        (self.board, answer) = (board, nil)
    }

    /// Parses a puzzle in any form of `SudokuText`.
    ///
    /// - Parameters:
    ///   - text: The puzzle, in one line or drawn.
    ///   - geometry: The expected geometry.
    /// - Throws: ``SudokuError`` with the first problem of the text or the givens.
    package init(parsing text: some StringProtocol, geometry: SudokuGeometry) throws(SudokuError) {
        (board, answer) = try SudokuText(geometry).boards(in: text)
        if let contradiction = board.contradiction { throw .contradiction(contradiction) }
    }
}

extension SudokuBoard {
    /// Parses a board in any form of `SudokuText`; repeated digits are allowed.
    ///
    /// - Parameters:
    ///   - text: The board, in one line or drawn.
    ///   - geometry: The expected geometry.
    /// - Throws: ``SudokuError`` with the first problem.
    public init(written text: String, geometry: SudokuGeometry) throws(SudokuError) {
        self = try SudokuText(geometry).boards(in: text).question
    }
}

extension SudokuText {
    /// A line of a text that is part of a puzzle.
    private struct Part {
        var line: Line
        var characters: [Character]
    }

    /// Parses the text of one puzzle.
    func boards(
        in text: some StringProtocol
    ) throws(SudokuError) -> (question: SudokuBoard, answer: SudokuBoard?) {
        if let boards = try boards(inJSON: text) { return boards }
        var parts: [Part] = []
        var isSkipped = false
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for text in lines {
            let line = line(text)
            if case .section(let isQuestion) = line {
                isSkipped = !isQuestion
            } else if !isSkipped, line != .note {
                parts.append(Part(line: line, characters: Self.withoutComment(Array(text))))
            }
        }
        dropTableRule(&parts)
        let content = parts.filter { $0.line != .blank && $0.line != .rule }
        let puzzles = content.compactMap { part in
            if case .puzzle(let runs) = part.line { runs } else { nil }
        }
        if puzzles.count == content.count, let runs = puzzles.first {
            guard puzzles.count == 1 else {
                throw .severalPuzzles(puzzles.count, geometry: geometry)
            }
            return try boards(inRuns: runs)
        }
        return (try board(drawn: parts), nil)
    }

    /// Removes the rule of a Markdown table, and the row above it if that contains the column
    /// names.
    private func dropTableRule(_ parts: inout [Part]) {
        let content = parts.indices.filter { parts[$0].line != .blank }
        let rules = content.filter { isTableRule(parts[$0].characters) }
        guard rules.count == 1, content.count > 2, rules[0] == content[1],
            !content.dropFirst(2).contains(where: { parts[$0].line == .rule })
        else { return }
        let isNamed = content.count - 2 == geometry.size
        parts.removeSubrange((isNamed ? content[0] : content[1])...content[1])
    }

    /// Returns the question and the answer of a line; the one with blanks is the question.
    private func boards(
        inRuns runs: [String]
    ) throws(SudokuError) -> (question: SudokuBoard, answer: SudokuBoard?) {
        var boards: [SudokuBoard] = []
        for run in runs.prefix(3) {
            boards.append(try SudokuBoard(parsing: run, geometry: geometry))
        }
        let open = boards.indices.filter { boards[$0].givenCount < geometry.cellCount }
        guard boards.count <= 2, open.count <= 1, !boards.isEmpty else {
            throw .severalPuzzles(runs.count, geometry: geometry)
        }
        let question = open.first ?? 0
        return (boards[question], boards.count == 2 ? boards[1 - question] : nil)
    }

    private func board(drawn parts: [Part]) throws(SudokuError) -> SudokuBoard {
        var rows: [Row] = []
        var (rules, gaps): ([Int], [Int]) = ([], [])
        let blanks = Self.blanks(in: parts.map(\.line))
        for part in parts {
            switch part.line {
            case .blank: gaps.append(rows.count)
            case .rule: rules.append(rows.count)
            case .fill(let character) where !blanks.contains(character): rules.append(rows.count)
            case .row(let row): rows.append(row)
            default:
                if let number = number(in: part.characters, row: rows.count + 1) { throw number }
                rows.append(
                    plainRow(part.characters)
                        ?? Row(cells: Self.withoutSeparators(part.characters)))
            }
        }
        if rows.count > 1 || rows.first?.cells.count == geometry.size {
            guard rows.count == geometry.size else {
                throw .wrongRowCount(rows.count, geometry: geometry)
            }
            if let wrong = rows.firstIndex(where: { $0.cells.count != geometry.size }) {
                throw .wrongRow(wrong + 1, found: rows[wrong].cells.count, geometry: geometry)
            }
            if let drawn = SudokuDrawnBoxes(
                contradicting: geometry, bars: rows.map(\.bars), rules: rules, gaps: gaps)
            {
                throw .drawnBoxes(drawn, geometry: geometry)
            }
        }
        return try SudokuBoard(parsing: String(rows.flatMap(\.cells)), geometry: geometry)
    }

    /// Returns the frame characters that represent blanks in rows with other cells.
    static func blanks(in lines: [Line]) -> Set<Character> {
        var blanks: Set<Character> = []
        for case .row(let row) in lines { blanks.formUnion(row.cells) }
        return blanks.intersection("-_*")
    }

    /// Returns an error for the first multi-digit number, if the line is a row of numbers.
    private func number(in characters: [Character], row: Int) -> SudokuError? {
        let spaced = characters.map { ",;".contains($0) ? " " : $0 }
        guard let words = words(spaced)?.words,
            [geometry.size, geometry.cellCount].contains(words.count)
        else { return nil }
        let areNumbers = words.allSatisfy { word in
            word.count < min(4, geometry.size) && word.allSatisfy { ("0"..."9").contains($0) }
        }
        guard areNumbers, let place = words.firstIndex(where: { $0.count > 1 }) else { return nil }
        return .numbers(
            String(words[place]), row: row + place / geometry.size,
            column: place % geometry.size + 1, geometry: geometry)
    }
}

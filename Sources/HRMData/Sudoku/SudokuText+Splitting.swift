/// The source of lines for `SudokuText/next(from:)`.
package protocol SudokuLineSource {
    /// Returns the next line as written, without its line end; `nil` at the end.
    mutating func nextLine() throws -> SudokuText.SourceLine?
    /// Puts lines back, to be returned again in the same order.
    mutating func putBack(_ lines: [SudokuText.SourceLine])
}

extension SudokuText {
    /// A numbered line.
    package struct SourceLine: Sendable, Hashable {
        /// The line number, counting from 1.
        package var number: Int
        /// The text.
        package var text: String

        /// Creates a line.
        package init(number: Int, text: String) {
            self.number = number
            self.text = text
        }
    }

    /// Returns the text of the next puzzle in a sequence of lines.
    ///
    /// An empty line ends a drawing, unless the drawing has empty lines between all its bands. An
    /// incomplete drawing is returned as it is, so that it is reported without affecting the next
    /// one.
    ///
    /// - Parameter source: The lines.
    /// - Returns: The text with the number of its first line; `nil` at the end.
    /// - Throws: Errors of the source.
    package func next(from source: inout some SudokuLineSource) throws -> SourceLine? {
        while let line = try source.nextLine() {
            switch self.line(line.text) {
            case .blank, .note, .rule, .section(isQuestion: true): continue
            case .section(isQuestion: false): try skipSection(of: &source)
            case .puzzle(let runs): return puzzle(line, runs, &source)
            case .other:
                if let board = try jsonBoard(from: line, &source) { return board }
                switch try meaning(of: line, &source) {
                case .header: continue
                case .row:
                    if let drawing = try drawing(from: line, &source) { return drawing }
                case .nothing:
                    return SourceLine(number: line.number, text: Self.trimmed(line.text))
                }
            case .row, .fill:
                if let drawing = try drawing(from: line, &source) { return drawing }
            }
        }
        return nil
    }

    /// The kinds of lines that only the next line identifies.
    private enum Meaning {
        /// The names of the columns of a Markdown table.
        case header
        /// The first row of a drawing, with an invalid cell.
        case row
        case nothing
    }

    private func meaning(
        of line: SourceLine, _ source: inout some SudokuLineSource
    ) throws -> Meaning {
        let characters = Self.withoutComment(Array(line.text))
        let isHeader = Self.columns(characters)?.count == geometry.size
        let isRow = plainRow(characters).map { 2 * $0.cells.count(where: isCell) > geometry.size }
        // Input may be typed interactively, so the next line is read only if it can decide.
        guard isHeader || isRow == true, let next = try source.nextLine() else { return .nothing }
        source.putBack([next])
        if isHeader, isTableRule(Array(next.text)) { return .header }
        guard isRow == true, case .row = self.line(next.text) else { return .nothing }
        return .row
    }

    private func skipSection(of source: inout some SudokuLineSource) throws {
        while let line = try source.nextLine() {
            if case .section = self.line(line.text) {
                source.putBack([line])
                return
            }
        }
    }

    /// Returns the first puzzle of a line; a line of markup may hold several, each in its own tag.
    private func puzzle(
        _ line: SourceLine, _ runs: [String], _ source: inout some SudokuLineSource
    ) -> SourceLine {
        let text = Self.trimmed(line.text)
        guard runs.count > 1, text.first == "<" else {
            return SourceLine(number: line.number, text: text)
        }
        let tags = text.split(separator: ">").filter { tag in
            if case .puzzle = self.line(tag) { true } else { false }
        }
        let lines = tags.map { SourceLine(number: line.number, text: Self.trimmed(String($0))) }
        guard let first = lines.first else {
            return SourceLine(number: line.number, text: text)
        }
        source.putBack(Array(lines.dropFirst()))
        return first
    }

    /// Reads the rest of a drawing; returns `nil` if its first line was a rule.
    private func drawing(
        from first: SourceLine, _ source: inout some SudokuLineSource
    ) throws -> SourceLine? {
        var drawing = Drawing(text: self)
        drawing.append(first)
        while drawing.lines.count < 8 * geometry.size {
            guard !drawing.isComplete else { break }
            guard let line = try source.nextLine() else { break }
            if Self.isComment(line.text) { continue }
            if drawing.isWholeTable, case .row = self.line(line.text),
                let next = try source.nextLine()
            {
                source.putBack([next])
                // This is the start of another table.
                if isTableRule(Array(next.text)) {
                    source.putBack([line])
                    break
                }
            }
            if drawing.isSure, self.line(line.text) == .blank {
                guard drawing.endBand(with: line) else { break }
            } else if continues(line.text) {
                drawing.append(line)
                // More rows than a band has form a separate drawing.
                if drawing.isSeparate {
                    source.putBack(drawing.removeLastBand())
                    break
                }
            } else {
                source.putBack([line])
                break
            }
        }
        guard drawing.isSure else { return nil }
        return SourceLine(
            number: first.number,
            text: drawing.lines.map(\.text).joined(separator: "\n"))
    }

    /// Returns true if a line can continue a drawing.
    ///
    /// Within a drawing, every line with as many cells as a row counts, so that an error can name
    /// the invalid one.
    private func continues(_ text: String) -> Bool {
        switch line(text) {
        case .row, .fill, .rule: true
        case .other: plainRow(Self.withoutComment(Array(text))) != nil
        default: false
        }
    }

    private static func isComment(_ text: String) -> Bool {
        text.first { !$0.isWhitespace } == "#"
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? "")
    }

    /// The lines of a drawing read so far.
    private struct Drawing {
        let text: SudokuText
        private(set) var lines: [SourceLine] = []
        private var kinds: [Line] = []
        /// The first line of each band after the first one, if empty lines separate bands.
        private var bands: [Int] = []
        private var isEnded = false

        init(text: SudokuText) {
            self.text = text
        }

        private var size: Int { text.geometry.size }

        private func rowCount(from start: Int = 0) -> Int {
            let blanks = SudokuText.blanks(in: kinds)
            return kinds[start...].count { kind in
                switch kind {
                case .row, .other: true
                case .fill(let character): blanks.contains(character)
                default: false
                }
            }
        }

        /// True if there is a row, not only lines that may be rules.
        var isSure: Bool { rowCount() > 0 }

        /// True if all rows are present.
        ///
        /// Bands separated by empty lines are complete only after a line of another kind, and the
        /// first row of a table may contain the column names.
        var isComplete: Bool {
            rowCount() >= size + (isTable ? 1 : 0) && (bands.isEmpty || isEnded)
        }

        /// True if the lines are a Markdown table, with a rule below the first row only.
        private var isTable: Bool {
            lines.count > 1 && text.isTableRule(Array(lines[1].text))
                && !kinds.dropFirst(2).contains(.rule)
        }

        /// True if the lines are a table that may be complete.
        var isWholeTable: Bool { isTable && rowCount() == size }

        /// True if the lines after the last empty one form a separate drawing.
        var isSeparate: Bool { !bands.isEmpty && rowCount(from: bands.last ?? 0) == size }

        mutating func append(_ line: SourceLine) {
            lines.append(line)
            kinds.append(text.line(line.text))
        }

        /// Adds an empty line.
        ///
        /// - Returns: True if the drawing may continue after it.
        mutating func endBand(with line: SourceLine) -> Bool {
            guard kinds.last != .blank else { return false }
            isEnded = rowCount() >= size
            guard rowCount(from: bands.last ?? 0) == text.geometry.boxRows, !isEnded else {
                return false
            }
            append(line)
            bands.append(lines.count)
            return true
        }

        mutating func removeLastBand() -> [SourceLine] {
            let start = bands.removeLast()
            defer {
                lines.removeSubrange(start...)
                kinds.removeSubrange(start...)
            }
            return Array(lines[start...])
        }
    }
}

/// The notations for Sudokus of one geometry.
///
/// | text | meaning |
/// |---|---|
/// | `53..7…79` | a puzzle: all cells in one line, alone or beside other things (`hash puzzle rating`, CSV, HoDoKu's library, XML); a second run of as many cells is its answer |
/// | `53. \| .7. \| ...`, `5,3,,,7,,,,` | a row of a drawing |
/// | `\|53 \| 7 \|   \|` | a row whose blanks are spaces between bars |
/// | `\| 5 3 1246 \| 26 7 …` | a row with pencil marks: a cell with several digits is blank |
/// | `+---+---+`, `*-----*` | a rule of a drawing |
/// | `\| 5 \| 3 \| \| …` above `\|---\|---\|---\| …` | the first row of a Markdown table, or its column names |
/// | `[[5,3,0,…],…]`, `{"puzzle": [[5,3,0,…],…]}` | puzzles in JSON, a list for each row; any number of them in a list |
/// | `# …`, `Grid 01`, `quizzes,solutions`, `<name>…</name>` | a note, not part of a puzzle |
/// | `[Puzzle]`, `[State]` | the section of a file; only puzzles are read |
///
/// A cell is a digit or a blank: one of `.`, `0`, `*`, `_`, `?`, `-`, `x` and `X`.
package struct SudokuText: Sendable {
    /// The geometry of the puzzles.
    package let geometry: SudokuGeometry

    /// Creates a reader of puzzles of one geometry.
    package init(_ geometry: SudokuGeometry) {
        self.geometry = geometry
    }

    /// A line of text.
    enum Line: Equatable {
        /// An empty line.
        case blank
        /// A line that is not part of a puzzle: a comment, a title, column names, markup.
        case note
        /// The beginning of a section.
        case section(isQuestion: Bool)
        /// A separator between rows of a drawing.
        case rule
        /// One repeated character with the length of a row: a row of blanks, or a rule.
        case fill(Character)
        /// A row of a drawing.
        case row(Row)
        /// All cells of a puzzle, and in a second run those of its answer.
        case puzzle([String])
        /// Anything else.
        case other
    }

    /// A row of a drawing.
    struct Row: Equatable {
        /// The cells as written; a cell with several digits or none is a dot.
        var cells: [Character]
        /// The numbers of cells before each bar.
        var bars: [Int] = []
    }

    /// Returns true if a character represents a blank.
    static func isBlank(_ ascii: UInt8) -> Bool {
        switch ascii {
        case UInt8(ascii: "."), UInt8(ascii: "0"), UInt8(ascii: "*"), UInt8(ascii: "_"),
            UInt8(ascii: "?"), UInt8(ascii: "-"), UInt8(ascii: "x"), UInt8(ascii: "X"):
            true
        default: false
        }
    }

    static func isBlank(_ character: Character) -> Bool {
        character.asciiValue.map(isBlank) ?? false
    }

    /// Classifies a line.
    func line(_ text: some StringProtocol) -> Line {
        let characters = Self.withoutComment(Array(text))
        guard let first = characters.first(where: { !$0.isWhitespace }) else {
            return text.allSatisfy(\.isWhitespace) ? .blank : .note
        }
        if first == "[", let section = Self.section(characters) { return section }
        let runs = puzzles(in: characters)
        if !runs.isEmpty { return .puzzle(runs) }
        if first == "<", Self.isMarkup(characters) { return .note }
        if let row = spacedRow(characters, isOfBlanks: true) { return .row(row) }
        if let rule = rule(characters) { return rule }
        if let row = row(characters) { return .row(row) }
        let cells = Self.withoutSeparators(characters)
        if cells.count == geometry.cellCount, cells.allSatisfy(isCell) {
            return .puzzle([String(cells)])
        }
        if let cells = delimitedCells(characters, count: geometry.cellCount),
            cells.allSatisfy(isCell)
        {
            return .puzzle([String(cells)])
        }
        return Self.isHeader(characters) || Self.isTitle(characters) ? .note : .other
    }

    // MARK: Cells

    func isCell(_ character: Character) -> Bool {
        character.asciiValue.flatMap(geometry.digit(ascii:)) != nil
    }

    static func isBar(_ character: Character) -> Bool { "|│┃║¦".contains(character) }

    static func withoutSeparators(_ characters: [Character]) -> [Character] {
        characters.filter { !$0.isWhitespace && !isBar($0) }
    }

    /// Returns the text before a number sign at the beginning or after a space.
    static func withoutComment(_ characters: [Character]) -> [Character] {
        for (index, character) in characters.enumerated() where character == "#" {
            if index == 0 || characters[index - 1].isWhitespace {
                return Array(characters[..<index])
            }
        }
        return characters
    }

    /// Returns the runs with as many cells as a puzzle; HoDoKu writes a plus before digits that are
    /// not givens.
    ///
    /// A run beside a letter or a digit of another script is excluded, because it may be a mistyped
    /// cell.
    private func puzzles(in characters: [Character]) -> [String] {
        var characters = characters
        if characters.first(where: { !$0.isWhitespace }) == ":" {
            characters.removeAll { $0 == "+" }
        }
        let isCellOfAny = { (character: Character) -> Bool in
            character.asciiValue.map { Self.isBlank($0) || (0x31...0x39).contains($0) } ?? false
        }
        return characters.split { !isCellOfAny($0) }.filter { run in
            run.count == geometry.cellCount && run.allSatisfy(isCell)
                && ![run.startIndex - 1, run.endIndex].contains {
                    characters.indices.contains($0)
                        && (characters[$0].isLetter || characters[$0].isNumber)
                }
                && !(run.allSatisfy { $0 == run.first } && "-_*".contains(run.first ?? "."))
        }.map { String($0) }
    }

    // MARK: Rows

    /// Returns a row of a drawing, if all its cells are valid.
    private func row(_ characters: [Character]) -> Row? {
        if let cells = delimitedCells(characters, count: geometry.size), cells.allSatisfy(isCell) {
            return Row(cells: cells)
        }
        if let row = plainRow(characters), row.cells.allSatisfy(isCell) { return row }
        return markedRow(characters) ?? spacedRow(characters, isOfBlanks: false)
    }

    /// Returns a row with one character per cell, valid or not.
    func plainRow(_ characters: [Character]) -> Row? {
        var row = Row(cells: [])
        for character in characters where !character.isWhitespace {
            if Self.isBar(character) {
                row.bars.append(row.cells.count)
            } else {
                row.cells.append(character)
                if row.cells.count > geometry.size { return nil }
            }
        }
        return row.cells.count == geometry.size ? row : nil
    }

    /// Returns `count` fields separated by commas, semicolons or tabs, with at most one character
    /// each.
    func delimitedCells(_ characters: [Character], count: Int) -> [Character]? {
        for delimiter in [",", ";", "\t"] as [Character] where characters.contains(delimiter) {
            var fields = characters.split(separator: delimiter, omittingEmptySubsequences: false)
            if fields.count == count + 1, fields.last?.allSatisfy(\.isWhitespace) == true {
                fields.removeLast()
            }
            guard fields.count == count else { continue }
            var cells: [Character] = []
            for field in fields {
                let content = field.filter { !$0.isWhitespace }
                guard content.count <= 1 else { return nil }
                cells.append(content.first ?? ".")
            }
            return cells
        }
        return nil
    }

    /// Returns the words of a line and the numbers of words before each bar; `nil` if there are too
    /// many.
    func words(_ characters: [Character]) -> (words: [[Character]], bars: [Int])? {
        var words: [[Character]] = []
        var bars: [Int] = []
        var isInWord = false
        for character in characters {
            if character.isWhitespace || Self.isBar(character) {
                if Self.isBar(character) { bars.append(words.count) }
                isInWord = false
            } else if isInWord {
                words[words.count - 1].append(character)
            } else {
                guard words.count < geometry.cellCount else { return nil }
                words.append([character])
                isInWord = true
            }
        }
        return (words, bars)
    }

    /// Returns a row in which some cells have several different digits.
    private func markedRow(_ characters: [Character]) -> Row? {
        guard let (words, bars) = words(characters), words.count == geometry.size else {
            return nil
        }
        var cells: [Character] = []
        for word in words {
            guard word.count <= geometry.size, word.allSatisfy(isCell) else { return nil }
            if word.count == 1 {
                cells.append(word[0])
            } else {
                let areDigits = word.allSatisfy { ("1"..."9").contains($0) }
                guard areDigits, Set(word).count == word.count else { return nil }
                cells.append(".")
            }
        }
        return Row(cells: cells, bars: bars)
    }

    /// Returns a row whose blanks are spaces between bars.
    ///
    /// - Parameters:
    ///   - characters: The line.
    ///   - isOfBlanks: True for a row without digits, false for a row with at least one.
    /// - Returns: The row; `nil` if the line is not one.
    private func spacedRow(_ characters: [Character], isOfBlanks: Bool) -> Row? {
        guard characters.contains(where: Self.isBar) else { return nil }
        guard characters.count <= 16 * geometry.size else { return nil }
        var parts = characters.split(omittingEmptySubsequences: false, whereSeparator: Self.isBar)
            .map(Array.init)
        if let last = parts.last, last.isEmpty {
            // The last bar, or trailing blanks that were trimmed.
            let isPart =
                parts.first?.isEmpty == false && geometry.size.isMultiple(of: parts.count)
            if !isPart { parts.removeLast() }
        }
        if let first = parts.first, first.allSatisfy(\.isWhitespace) {
            // Blanks before the first bar, or indentation.
            let others = parts.dropFirst().map(\.count)
            let isPart =
                !first.isEmpty && !others.isEmpty && geometry.size.isMultiple(of: parts.count)
                && (first.count == others.max() || parts.count == 2 && first.count >= others[0])
            if !isPart { parts.removeFirst() }
        }
        let count = parts.count
        guard count > 0, geometry.size.isMultiple(of: count) else { return nil }
        let columns = geometry.size / count
        let content = Self.withoutSeparators(characters)
        guard content.isEmpty == isOfBlanks, content.allSatisfy({ isCell($0) && !Self.isBlank($0) })
        else { return nil }
        // Editors trim trailing spaces.
        let width = parts.reduce(0) { max($0, $1.count) }
        parts = parts.map { $0 + Array(repeating: " ", count: width - $0.count) }
        guard width >= columns else { return nil }
        for step in 1...8 {
            for offset in 0..<step
            where offset + step * (columns - 1) < width && width <= offset + step * columns {
                let places = (0..<columns).map { offset + step * $0 }
                let fits = parts.allSatisfy { part in
                    part.indices.allSatisfy { part[$0].isWhitespace || places.contains($0) }
                }
                guard fits else { continue }
                let cells = parts.flatMap { part in
                    places.map { part[$0].isWhitespace ? "." : part[$0] }
                }
                return Row(cells: cells, bars: (1..<max(2, count)).map { $0 * columns })
            }
        }
        return nil
    }

    // MARK: Other lines

    /// Returns a line of frame characters.
    private func rule(_ characters: [Character]) -> Line? {
        let cells = Self.withoutSeparators(characters)
        func isFrame(_ character: Character) -> Bool {
            "-=+*_.:'`~–—―".contains(character) || ("\u{2500}"..."\u{257F}").contains(character)
        }
        guard cells.allSatisfy(isFrame) else { return nil }
        guard let first = cells.first else { return .rule }
        if cells.allSatisfy({ $0 == first }), "-_*".contains(first) {
            return cells.count == geometry.size ? .fill(first) : .rule
        }
        let isCertain = cells.contains { !"-*_.".contains($0) }
        let hasDashes = String(characters).contains("---")
        return isCertain || hasDashes ? .rule : nil
    }

    /// Returns true if a line is the rule below the first row of a Markdown table: bars with
    /// dashes, and optionally colons, between them for each column.
    func isTableRule(_ characters: [Character]) -> Bool {
        guard characters.contains("-"), let columns = Self.columns(characters) else { return false }
        return columns.count == geometry.size
            && columns.allSatisfy { column in
                column.contains("-") && column.allSatisfy { "-: \t".contains($0) }
            }
    }

    /// Returns the fields between the bars of a line; nil if there is no bar.
    static func columns(_ characters: [Character]) -> [ArraySlice<Character>]? {
        var parts = characters.split(omittingEmptySubsequences: false, whereSeparator: isBar)
        guard parts.count > 1 else { return nil }
        if parts.last?.allSatisfy(\.isWhitespace) == true { parts.removeLast() }
        if parts.first?.allSatisfy(\.isWhitespace) == true { parts.removeFirst() }
        return parts
    }

    private static func section(_ characters: [Character]) -> Line? {
        let text = String(characters.filter { !$0.isWhitespace })
        let name = text.dropFirst().dropLast()
        guard text.last == "]", !name.isEmpty, name.count <= 40, name.allSatisfy(\.isLetter) else {
            return nil
        }
        let others = ["state", "pencilmarks", "playermarks", "candidates", "history", "solution"]
        return .section(isQuestion: !others.contains(name.lowercased()))
    }

    /// Returns true for XML markup that does not hold a board.
    private static func isMarkup(_ characters: [Character]) -> Bool {
        let text = String(characters)
        return text.contains(">") && !text.contains("data=")
    }

    private static func isHeader(_ characters: [Character]) -> Bool {
        guard characters.count <= 1000 else { return false }
        let fields = characters.split(whereSeparator: { ",;\t".contains($0) }).map {
            String($0.filter { !$0.isWhitespace && $0 != "\"" }).lowercased()
        }
        let columns = TableColumn.published.filter(\.isRequired)
        return fields.count > 1 && fields.contains { name in columns.contains { $0.isNamed(name) } }
    }

    /// Returns true for a title: a word for a puzzle, alone or with a number.
    private static func isTitle(_ characters: [Character]) -> Bool {
        guard characters.count <= 100 else { return false }
        let text = characters.drop(while: \.isWhitespace)
        let word = text.prefix { $0.isLetter }
        guard titles.contains(String(word).lowercased()) else { return false }
        let rest = text.dropFirst(word.count).drop { $0.isWhitespace || "#.:".contains($0) }
        return rest.isEmpty || ("0"..."9").contains(rest.first ?? " ")
    }

    private static let titles: Set<String> = [
        "grid", "puzzle", "sudoku", "game", "board", "problem", "example", "level", "number", "no",
        "nr",
    ]
}

import HRM
import HRMData
import HRMFigures

/// Custom grid puzzles: JSON, one line with `/` between rows, or drawn with an empty line after
/// each.
struct SolvableGrid: SolvableTask {
    let task: GridTask
    let isPictorial = true

    /// Returns a line with `/` or JSON as one grid; other lines are collected until an empty one.
    ///
    /// A grid with more rows than the model's canvas is reported as soon as possible, and the rest
    /// of it is discarded.
    func nextText(from lines: inout PuzzleLines) throws -> PuzzleLines.Line? {
        var first: Int?
        var rows: [String] = []
        var bytes = 0
        while let line = try lines.nextAsWritten() {
            if isBlank(line.text) {
                if rows.isEmpty { continue }
                break
            }
            if isComment(line.text) { continue }
            let isWhole = line.text.contains("/") || "[{".contains(line.text.prefix(1))
            if rows.isEmpty, isWhole { return line }
            let start = first ?? line.number
            first = start
            bytes += line.text.utf8.count
            guard rows.count < task.canvas.rows, bytes <= PuzzleLines.longest else {
                lines.skipDrawing()
                return PuzzleLines.Line(
                    number: start, text: "",
                    problem: "a grid is drawn here that does not fit on the model's canvas of "
                        + "\(task.canvas.rows)×\(task.canvas.columns); leave an empty line after each "
                        + "grid")
            }
            rows.append(line.text)
        }
        return first.map { PuzzleLines.Line(number: $0, text: rows.joined(separator: "\n")) }
    }

    /// Returns true for an empty line; a line of spaces is a row only if the space is a symbol.
    private func isBlank(_ text: String) -> Bool {
        text.isEmpty || !isSymbol(" ") && text.allSatisfy(\.isWhitespace)
    }

    private func isComment(_ text: String) -> Bool {
        !isSymbol("#") && text.drop { $0.isWhitespace }.first == "#"
    }

    private func isSymbol(_ character: Character) -> Bool {
        guard case .characters(let characters) = task.alphabet else { return false }
        return characters.contains(character)
    }

    func question(_ text: String) throws -> PuzzleQuestion {
        let (question, identifier) = try task.question(parsing: text)
        return self.question(question.input, identifier: identifier, right: question.output)
    }

    func question(tokens: [Int32]) throws -> PuzzleQuestion {
        question(task.grid(in: tokens), identifier: 0, right: nil)
    }

    private func question(
        _ input: PuzzleGrid, identifier: Int32, right: PuzzleGrid?
    ) -> PuzzleQuestion {
        PuzzleQuestion(
            tokens: task.canvas.tokens(of: input).map(Int32.init), identifier: identifier,
            picture: picture(input)
        ) { tokens in
            let answer = task.grid(in: tokens)
            return PuzzleVerdict(
                picture: picture(answer, right: right),
                words: right.map { $0 == answer ? "right" : "wrong" },
                isValid: right.map { $0 == answer })
        }
    }

    func looksLikeQuestion(_ text: String) -> Bool {
        text.contains("/") || "[{".contains(text.prefix(1))
    }

    private func picture(_ grid: PuzzleGrid, right: PuzzleGrid? = nil) -> PuzzlePicture {
        // A model's answer may have no grid at all.
        guard !grid.cells.isEmpty else {
            return PuzzlePicture(
                text: "", board: TerminalBoard(rows: 1, columns: 1, cells: [""]), drawing: .empty)
        }
        return PuzzlePicture(
            text: task.alphabet.line(grid),
            board: TerminalBoard(
                rows: grid.rows, columns: grid.columns,
                cells: grid.cells.map { task.alphabet.text($0) }),
            drawing: task.appearance(rows: grid.rows, columns: grid.columns)?.picture(
                of: grid, marked: right.map { grid.cells(differingFrom: $0) } ?? []) ?? .empty)
    }
}

/// Custom grid puzzles in lines: JSON, one line with `/` between rows, or drawn with an empty line
/// after each.
struct GridLines {
    let task: GridTask

    /// Returns a line with `/` or JSON as one grid; other lines are collected until an empty one.
    ///
    /// A grid with more rows than the model's canvas is reported as soon as possible, and the rest
    /// of it is discarded.
    func next(from lines: inout PuzzleLines) throws -> PuzzleLines.Line? {
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
}
